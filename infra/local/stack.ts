import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { retryDelaysMs } from '../../workers/config/config';
import { requireSoundModules } from '../../workers/modules/require-sound-modules';
import { brokerClients, databaseNames } from '../../workers/modules/roles';
import { brokerPermissions } from '../../workers/topology/permissions';
import { prepareBrokerUsers } from './broker-users';
import { lockDirectory } from './directory-lock';
import { prepareDatabases } from './databases';
import { startDocker } from './docker';
import { endpoints, environmentOf, namedSystems } from './environment';
import { chooseKind, type StackKind } from './stack-kind';
import { settlePreviousRun, stopStack } from './previous-run';
import { restartNative, startNative } from './native/native';
import type { NativeContext } from './native/system';
import { choosePorts, defaultPorts, type Ports } from './ports';
import { mustAnswer } from './health-checks';
import { loadSecrets, passwordsOf, rolePasswordsOf, type Secrets } from './secrets';
import { remember } from './state';
import { createSteps, UserError, type Steps } from './steps';
import { systems, type Endpoints, type System } from './systems';

export interface StackOptions {
  /** Where it keeps its data, its secrets and its state. */
  directory: string;
  /** Receives each step, a line at a time. */
  log: (line: string) => void;
  /** Delete what earlier stacks of this directory have left. */
  fresh?: boolean;
  /** Preferred ports instead of the usual ones; 0 is any. The ports of the last time come first. */
  ports?: Partial<Ports>;
  /** What need not survive a crash, and is faster then: Temporal in memory, PostgreSQL without fsync. Native only. */
  ephemeral?: readonly System[];
}

/** PostgreSQL, RabbitMQ and Temporal, up and ready, with a database and a role for each service. */
export interface Stack {
  kind: StackKind;
  /** Everything that the platform's processes need in their environment. */
  env: Record<string, string>;
  addresses: Endpoints & { databases: Record<string, string>; ports: Ports };
  /**
   * Ends one system, in good order or with `kill -9`, and starts it again; for tests of what the platform makes of it.
   * @throws UserError when it is not native.
   */
  restart(system: System, how: 'stopped' | 'killed'): Promise<void>;
  /** Stops what was started, and nothing else; `delete` also removes its data, and is quicker. */
  stop(data?: 'keep' | 'delete'): Promise<void>;
}

/**
 * Starts the infrastructure: what the environment names is used, the rest comes from Docker or is native. What an
 * earlier process left in the directory is found and stopped, or used.
 * @throws UserError when a person has to do something first; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  requireSoundModules();
  const directory = resolve(options.directory);
  const release = lockDirectory(directory);
  const steps = createSteps(options.log);
  try {
    return await start({ ...options, directory }, steps, release);
  } catch (error) {
    await stopStack(directory);
    release();
    throw error;
  }
}

async function start(options: StackOptions, steps: Steps, release: () => void): Promise<Stack> {
  const { directory, fresh = false, ports: preferred } = options;
  const named = namedSystems(process.env);
  const wanted = systems.filter((system) => !named.includes(system));
  const kind = await chooseKind(wanted, process.env, steps);
  const { before, running } = await settlePreviousRun(directory, { kind, wanted, fresh, steps });

  const secrets = loadSecrets(directory);
  const needed = running ? [] : wanted;
  const startAt = async (chosen: Ports): Promise<{ ports: Ports; found: Endpoints }> => {
    remember({ directory, kind, ports: chosen });
    const found = endpoints(process.env, chosen, secrets);
    await Promise.all(
      named.map((system) => steps.step(`${system}, as the environment names it`, () => mustAnswer(system, found))),
    );
    await startSystems(kind, wanted, { ...options, running, ports: chosen, secrets, endpoints: found, steps });
    return { ports: chosen, found };
  };
  const first = await choosePorts({ ...defaultPorts, ...before?.ports, ...preferred }, needed, steps);
  const { ports, found } = await startAt(first).catch(async (error: unknown) => {
    // Another process may have taken a port that was free a moment ago; then once more elsewhere.
    await stopStack(directory);
    const second = await choosePorts(first, needed, steps);
    if (isDeepStrictEqual(first, second)) throw error;
    return startAt(second);
  });
  const prepared = await steps.step('A database and its roles for each service', () =>
    prepareDatabases(found.databaseUrl, rolePasswordsOf(databaseNames, secrets)),
  );
  const databases = Object.fromEntries(Object.entries(prepared).map(([name, { url }]) => [name, url]));
  const logins = await steps.step('A broker user for each service', () => prepareUsers(found, secrets));
  if (!logins) steps.note('RabbitMQ does not let us create users: all services share the one of RABBITMQ_URL');
  return {
    kind,
    env: environmentOf(found, prepared, logins ?? {}, secrets, ports.api),
    addresses: { ...found, databases, ports },
    restart: async (system, how) => {
      if (kind !== 'native' || named.includes(system)) {
        throw new UserError(`${system} is not a process of this stack`, 'the native stack: SAGAWORKS_STACK=native');
      }
      const notes = { note: () => undefined, step: <T>(_: string, run: () => Promise<T>) => run() };
      await restartNative(system, how, nativeContext({ ...options, ports, secrets, endpoints: found, steps: notes }));
    },
    stop: async (data) => {
      await stopStack(directory, data);
      release();
    },
  };
}

/** The password of a service's role serves its broker user too. */
const prepareUsers = ({ rabbitmqManagementUrl, rabbitmqUrl }: Endpoints, secrets: Secrets) =>
  prepareBrokerUsers({
    managementUrl: rabbitmqManagementUrl,
    amqpUrl: rabbitmqUrl,
    permissions: brokerPermissions(retryDelaysMs.parse(process.env['RETRY_DELAYS_MS'])),
    passwords: passwordsOf(brokerClients, secrets),
  });

interface Starting extends Placed {
  /** They run already, left by an earlier process. */
  running: boolean;
}

/** Where a stack is, and all that its systems need to start. */
interface Placed extends StackOptions {
  ports: Ports;
  secrets: Secrets;
  endpoints: Endpoints;
  steps: Steps;
}

async function startSystems(kind: StackKind, wanted: readonly System[], starting: Starting): Promise<void> {
  const { running } = starting;
  if (kind === 'docker') await startDocker(wanted, starting);
  if (kind === 'native' && !running) await startNative(wanted, nativeContext(starting));
}

/** Programs that are downloaded are shared by the stacks of one checkout: once is enough. */
const nativeContext = ({ ephemeral = [], ...placed }: Placed): NativeContext => ({
  ...placed,
  ephemeral,
  tools: resolve(__dirname, '../../.sagaworks/tools'),
});
