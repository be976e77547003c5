import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../infra/local/commands';
import { freePorts } from '../../../infra/local/ports';
import { nodeNames, settings, type ClusterNode, type ClusterNodes } from './node';

/** Nodes as containers of one network, each with a free port on loopback. */
export async function createDockerNodes(directory: string, image: string): Promise<ClusterNodes> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const config = join(directory, 'rabbitmq.conf');
  writeFileSync(config, [...settings, 'loopback_users.guest = false', ''].join('\n'), { mode: 0o644 });
  const cluster = `sagaworks-cluster-${randomUUID().slice(0, 8)}`;
  await docker('network', 'create', cluster);
  const ports = await freePorts(nodeNames.map(() => 0));
  const nodes = nodeNames.map((name, index) => createNode({ cluster, image, config, name, port: ports[index] ?? 0 }));
  return {
    nodes,
    async remove() {
      const all = (await docker('ps', '--all', '--quiet', '--filter', `network=${cluster}`))
        .split('\n')
        .filter(Boolean);
      if (all.length > 0) await docker('rm', '--force', '--volumes', ...all);
      await docker('network', 'rm', cluster);
    },
  };
}

interface Container {
  cluster: string;
  image: string;
  config: string;
  name: string;
  port: number;
}

function createNode({ cluster, image, config, name, port }: Container): ClusterNode {
  const container = `${cluster}-${name}`;
  let isCreated = false;
  let isCut = false;
  const create = () =>
    docker(
      ...['run', '--detach', '--name', container, '--hostname', name, '--network', cluster, '--network-alias', name],
      ...['--publish', `127.0.0.1:${port}:5672`, '--volume', `${config}:/etc/rabbitmq/conf.d/90-cluster.conf:ro`],
      ...['--env', `RABBITMQ_ERLANG_COOKIE=${cluster}`, image],
    );
  return {
    name: `rabbit@${name}`,
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    async start() {
      await (isCreated ? docker('start', container) : create());
      isCreated = true;
    },
    stop: () => run('stop', '--time', '60', container),
    kill: () => run('kill', '--signal', 'KILL', container),
    async cut() {
      if (!isCut) await docker('network', 'disconnect', cluster, container);
      isCut = true;
    },
    async rejoin() {
      await docker('network', 'connect', '--alias', name, cluster, container);
      isCut = false;
    },
    control: (...args) => docker('exec', '--user', 'rabbitmq', container, 'rabbitmqctl', ...args),
  };
}

async function run(...args: string[]): Promise<void> {
  await docker(...args);
}

async function docker(...args: string[]): Promise<string> {
  const { ok, out, tail } = await runCommand('docker', args, { timeoutMs: 120_000 });
  if (!ok) throw new Error(`docker ${args.join(' ')}: ${tail}`);
  return out;
}
