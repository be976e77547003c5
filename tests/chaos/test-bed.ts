import { exchanges } from '../../contracts/events';
import { openDatabase, type Database } from '../../lib/db/database';
import type { System } from '../../infra/local/systems';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { serviceNames } from '../../workers/modules/roles';
import type { StandaloneOptions } from '../../workers/reconciliation/standalone';
import { supervise, type Supervised } from './supervisor';

/** What faults strike: the platform in several processes, and lines to its systems that can be cut. */
export interface TestBed {
  processes: Supervised[];
  lines: { broker: Proxy; database: Proxy };
  /** Direct connections, for the checks. */
  logs: { exchange: string; source: string; database: Database<unknown> }[];
  database: (service: string) => Database<unknown>;
  /** Where the reconciliation finds the databases and Temporal. */
  reconcileAt: Pick<StandaloneOptions, 'urlOf' | 'temporal'>;
  witness: Database<unknown>;
  rabbitmqUrl: string;
  vhost: string;
  management: (path: string, method?: string) => Promise<unknown>;
  /** Absent where the stack is not ours to restart. */
  restart?: (system: System, how: 'stopped' | 'killed') => Promise<void>;
  stop(): Promise<void>;
}

export interface TestBedOptions {
  /** What the platform's processes need in their environment. */
  env: Record<string, string>;
  witnessDatabaseUrl: string;
  managementUrl: string;
  seed: number;
  /** Where the processes' output goes. */
  logs: string;
  restart?: TestBed['restart'];
}

/** What runs, each in a process of its own, and can be killed by itself. */
const platform = {
  'api-and-relays': ['api', 'relay'],
  consumers: ['consumers'],
  bridge: ['bridge'],
  saga: ['saga'],
  activities: ['activities'],
};

/** Starts the platform's processes behind lines that can be cut. */
export async function createTestBed({ env, seed, logs, ...options }: TestBedOptions): Promise<TestBed> {
  const rabbitmqUrl = env['RABBITMQ_URL'] ?? '';
  const broker = await lineTo(rabbitmqUrl);
  const database = await lineTo(options.witnessDatabaseUrl);
  const behindLines = Object.fromEntries(
    Object.entries({ ...env, WITNESS_DATABASE_URL: options.witnessDatabaseUrl })
      .filter(([name]) => !name.startsWith('DATABASE'))
      .map(([name, value]) => {
        if (name === 'RABBITMQ_URL') return [name, throughLine(value, broker)];
        return [name, /_DATABASE(_OWNER)?_URL$/.test(name) ? throughLine(value, database) : value];
      }),
  );
  const common = { env: { LOG_LEVEL: 'warn', ...behindLines, CHAOS_SEED: String(seed) }, logs };
  const processes = [
    ...Object.entries(platform).map(([name, roles]) =>
      supervise({ name, path: 'cli/sagaworks.ts', args: ['run', ...roles], ...common }),
    ),
    supervise({ name: 'witness', path: 'tests/chaos/witness-process.ts', args: [], ...common }),
  ];

  const open = (url = ''): Database<unknown> =>
    openDatabase({ url, name: 'chaos', poolSize: 2, onError: () => undefined }); // It suffers the faults, too.
  const databases = new Map(serviceNames.map((name) => [name, open(env[`${name.toUpperCase()}_DATABASE_URL`])]));
  const witness = open(options.witnessDatabaseUrl);
  const databaseOf = (name: string): Database<unknown> => databases.get(name) ?? witness;
  return {
    processes,
    lines: { broker, database },
    logs: Object.values(exchanges).map(({ name, producer }) => ({
      exchange: name,
      source: `/services/${producer}`,
      database: databaseOf(producer),
    })),
    database: databaseOf,
    reconcileAt: {
      urlOf: (service) => env[`${service.toUpperCase()}_DATABASE_URL`] ?? '',
      temporal: { address: env['TEMPORAL_ADDRESS'] ?? '', namespace: env['TEMPORAL_NAMESPACE'] ?? 'default' },
    },
    witness,
    rabbitmqUrl,
    vhost: decodeURIComponent(new URL(rabbitmqUrl).pathname.slice(1)) || '/',
    management: (path, method = 'GET') => askManagement(options.managementUrl, path, method),
    ...(options.restart ? { restart: options.restart } : {}),
    async stop() {
      await Promise.all(processes.map((supervised) => supervised.stop()));
      await Promise.all([...databases.values(), witness].map((opened) => opened.close()));
      await Promise.all([broker.close(), database.close()]);
    },
  };
}

const lineTo = (url: string): Promise<Proxy> =>
  startProxy({ host: new URL(url).hostname, port: Number(new URL(url).port) });

function throughLine(url: string, line: Proxy): string {
  const through = new URL(url);
  through.host = `127.0.0.1:${line.port}`;
  return through.href;
}

async function askManagement(url: string, path: string, method: string): Promise<unknown> {
  const { origin, username, password } = new URL(url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await fetch(`${origin}/api/${path}`, { method, headers: { authorization } });
  const text = await answer.text();
  return text && answer.ok ? JSON.parse(text) : undefined;
}
