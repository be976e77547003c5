import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../infra/local/commands';
import { ensureRabbitmq } from '../../../infra/local/native/rabbitmq-install';
import { freePorts } from '../../../infra/local/ports';
import { startDaemon, stopNoted } from '../../../infra/local/processes';
import type { Steps } from '../../../infra/local/steps';
import { nodeNames, settings, type ClusterNode, type ClusterNodes } from './node';

/** Nodes as processes of this machine, each with ports and data of its own in a new `directory`. */
export async function createNativeNodes(directory: string, steps: Steps): Promise<ClusterNodes> {
  const command = await ensureRabbitmq(steps);
  await stopAll(directory); // Of an earlier run that was killed.
  rmSync(directory, { recursive: true, force: true });
  const [epmd = 0, ...ports] = await freePorts(Array<number>(1 + 2 * nodeNames.length).fill(0));
  const nodes = nodeNames.map((name, index) =>
    createNode(command, directory, name, {
      epmd,
      amqp: ports[2 * index] ?? 0,
      distribution: ports[2 * index + 1] ?? 0,
    }),
  );
  const epmdFiles = { pidFile: pidFileOf(directory, 'epmd'), logFile: join(directory, 'epmd.log') };
  const env = { PATH: process.env['PATH'], ERL_EPMD_ADDRESS: '127.0.0.1', ERL_EPMD_PORT: String(epmd) };
  await startDaemon({ command: 'epmd', args: [], env, ...epmdFiles });
  return {
    nodes,
    remove: () => stopAll(directory),
  };
}

async function stopAll(directory: string): Promise<void> {
  await Promise.all(nodeNames.map((name) => stopNoted(pidFileOf(directory, name), 'SIGKILL')));
  await stopNoted(pidFileOf(directory, 'epmd'), 'SIGTERM');
}

const pidFileOf = (directory: string, name: string): string => join(directory, `${name}.pid`);

interface NodePorts {
  epmd: number;
  amqp: number;
  distribution: number;
}

function createNode(command: string, directory: string, short: string, ports: NodePorts): ClusterNode {
  const folder = join(directory, short);
  const name = `${short}@localhost`;
  const env = describe(folder, name, ports);
  const [pidFile, logFile] = [pidFileOf(directory, short), join(folder, 'node.log')];
  async function control(...args: string[]): Promise<string> {
    // Debian's own script: the one on PATH would change the user.
    const { ok, out, tail } = await runCommand('/usr/lib/rabbitmq/bin/rabbitmqctl', ['-n', name, ...args], { env });
    if (!ok) throw new Error(`rabbitmqctl ${args.join(' ')}: ${tail}`);
    return out;
  }
  // On one machine there is no line to cut; with another cookie for a peer, neither can connect to the other.
  const forEach = (others: readonly ClusterNode[], expressions: string): string =>
    `[begin ${expressions} end || Peer <- [${others.map((peer) => `'${peer.name}'`).join(', ')}]].`;
  return {
    name,
    url: `amqp://guest:guest@127.0.0.1:${ports.amqp}`,
    start: async () => {
      await startDaemon({ command, args: [], env, pidFile, logFile });
    },
    stop: async () => {
      await stopNoted(pidFile, 'SIGTERM', 60_000);
    },
    kill: async () => {
      await stopNoted(pidFile, 'SIGKILL');
    },
    cut: async (others) => {
      await control('eval', forEach(others, "erlang:set_cookie(Peer, 'cut'), erlang:disconnect_node(Peer)"));
    },
    rejoin: async (others) => {
      await control('eval', forEach(others, 'erlang:set_cookie(Peer, erlang:get_cookie())'));
    },
    control,
  };
}

/** Writes the files of a node, and returns its environment. */
function describe(folder: string, name: string, ports: NodePorts): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  const empty = join(folder, 'none.conf');
  writeFileSync(empty, '\n');
  const config = join(folder, 'rabbitmq.conf');
  writeFileSync(config, [`listeners.tcp.1 = 127.0.0.1:${ports.amqp}`, ...settings, ''].join('\n'));
  const cookie = join(folder, '.erlang.cookie');
  // The same for all nodes of a cluster.
  writeFileSync(cookie, createHash('sha256').update(join(folder, '..')).digest('hex').slice(0, 20));
  chmodSync(cookie, 0o400);
  return {
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
  };
}
