import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { runCommand } from '../../infra/local/commands';
import { ensureRabbitmq } from '../../infra/local/native/rabbitmq-install';
import { freePorts } from '../../infra/local/ports';
import { startDaemon, stopNoted } from '../../infra/local/processes';
import type { Steps } from '../../infra/local/steps';

/** Three RabbitMQ nodes on this machine that are one broker. */
export interface Cluster {
  urls: string[];
  /** `kill -9` of the node that leads a quorum queue; gives back its name. */
  killLeader(queue: string): Promise<string>;
  stop(): Promise<void>;
}

interface Node {
  name: string;
  url: string;
  pidFile: string;
  logFile: string;
  env: NodeJS.ProcessEnv;
}

const nodeNames = ['hare', 'rabbit', 'coney'];

/** Starts three nodes, each with ports and data of its own, and joins them. */
export async function startCluster(directory: string, steps: Steps): Promise<Cluster> {
  const command = await ensureRabbitmq(steps);
  const [epmd = 0, ...ports] = await freePorts(Array<number>(1 + 2 * nodeNames.length).fill(0));
  const nodes = nodeNames.map((name, index) =>
    describeNode(directory, name, { epmd, amqp: ports[2 * index] ?? 0, distribution: ports[2 * index + 1] ?? 0 }),
  );
  const epmdPid = join(directory, 'epmd.pid');
  const [first] = nodes;
  if (!first) throw new Error('A cluster has nodes');
  const control = (node: Node, ...args: string[]) => rabbitmqctl(node, args);

  const nameService = { command: 'epmd', args: [], env: first.env, logFile: first.logFile, pidFile: epmdPid };
  await startDaemon(nameService);
  for (const node of nodes) {
    await steps.step(`RabbitMQ node ${node.name}`, async () => {
      await startDaemon({ command, args: [], ...node });
      await untilUp(node);
      if (node === first) return;
      for (const step of [['stop_app'], ['join_cluster', first.name], ['start_app']]) await control(node, ...step);
    });
  }

  return {
    urls: nodes.map(({ url }) => url),
    async killLeader(queue) {
      const out = await control(first, 'list_queues', '--quiet', '--no-table-headers', 'name', 'leader');
      const line = out.split('\n').find((row) => row.split('\t')[0] === queue);
      const leader = nodes.find(({ name }) => name === line?.split('\t')[1]?.trim());
      if (!leader) throw new Error(`Nobody leads ${queue}: ${out}`);
      await stopNoted(leader.pidFile, 'SIGKILL');
      return leader.name;
    },
    async stop() {
      await Promise.all(nodes.map(({ pidFile }) => stopNoted(pidFile, 'SIGKILL')));
      await stopNoted(epmdPid, 'SIGTERM');
    },
  };
}

function describeNode(
  directory: string,
  short: string,
  ports: { epmd: number; amqp: number; distribution: number },
): Node {
  const folder = join(directory, short);
  mkdirSync(folder, { recursive: true });
  const empty = join(folder, 'none.conf');
  writeFileSync(empty, '\n');
  const config = join(folder, 'rabbitmq.conf');
  writeFileSync(config, `listeners.tcp.1 = 127.0.0.1:${ports.amqp}\ndisk_free_limit.absolute = 50MB\n`);
  const cookie = join(folder, '.erlang.cookie');
  // The same for all nodes of a directory.
  writeFileSync(cookie, createHash('sha256').update(directory).digest('hex').slice(0, 20));
  chmodSync(cookie, 0o400);
  const name = `${short}@localhost`;
  return {
    name,
    url: `amqp://guest:guest@127.0.0.1:${ports.amqp}`,
    pidFile: join(folder, 'node.pid'),
    logFile: join(folder, 'node.log'),
    env: {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      HOME: folder,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: String(ports.epmd),
      RABBITMQ_NODENAME: name,
      RABBITMQ_DIST_PORT: String(ports.distribution),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: folder,
      RABBITMQ_LOGS: '-',
      RABBITMQ_CONFIG_FILE: config,
      RABBITMQ_CONF_ENV_FILE: empty,
      RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
      RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    },
  };
}

/** Debian's own script: the one on PATH would change the user. */
async function rabbitmqctl({ env, name }: Node, args: readonly string[]): Promise<string> {
  const { ok, out, tail } = await runCommand('/usr/lib/rabbitmq/bin/rabbitmqctl', ['-n', name, ...args], { env });
  if (!ok) throw new Error(`rabbitmqctl ${args.join(' ')}: ${tail}`);
  return out;
}

async function untilUp({ url, name }: Node): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const connection = await connect(url);
      await connection.close();
      return;
    } catch (error) {
      if (tries > 300) throw new Error(`${name} does not come up`, { cause: error });
      await sleep(200);
    }
  }
}
