import { retryWithBackoff } from '../../../lib/async/backoff';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import type { Steps } from '../../../infra/local/steps';
import type { ClusterNode, ClusterNodes } from './node';

/** Three RabbitMQ nodes that are one broker. */
export interface Cluster {
  nodes: readonly ClusterNode[];
  /** A new virtual host that every node knows: its addresses at all nodes, and how to delete it. */
  createVhost(name: string): Promise<{ urls: string[]; drop: () => Promise<void> }>;
  /** Who leads a quorum queue, and the other nodes. */
  membersOf(vhost: string, queue: string): Promise<{ leader: ClusterNode; followers: readonly ClusterNode[] }>;
  /** Waits until a node takes connections, and the cluster sees all its nodes. */
  untilUp(node: ClusterNode): Promise<void>;
  /** Starts the nodes that do not run. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the nodes and joins them. */
export async function startCluster({ nodes, remove }: ClusterNodes, steps: Steps): Promise<Cluster> {
  try {
    const [first, ...others] = nodes;
    if (!first) throw new Error('A cluster has nodes');
    await Promise.all(nodes.map((node) => steps.step(`RabbitMQ node ${node.name}`, () => startNode(node))));
    for (const node of others)
      await steps.step(`${node.name} joins`, async () => {
        for (const step of [['stop_app'], ['join_cluster', first.name], ['start_app']]) await node.control(...step);
      });
    return clusterOf(nodes, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

function clusterOf(nodes: readonly ClusterNode[], remove: () => Promise<void>): Cluster {
  /** Asks the first node that answers. */
  async function ask(...args: string[]): Promise<string> {
    const errors: unknown[] = [];
    for (const node of nodes) {
      try {
        return await node.control(...args);
      } catch (error) {
        errors.push(error);
      }
    }
    throw new AggregateError(errors, `No node answers: ${args.join(' ')}`);
  }

  async function untilUp(node: ClusterNode): Promise<void> {
    // A node that was cut off may answer once more before it pauses, and is then refused the command.
    await retryWithBackoff(
      async () => {
        await untilConnected(node.url);
        await node.control('await_online_nodes', String(nodes.length), '--timeout', '60');
      },
      { backoff: { firstMs: 1_000, maxMs: 5_000 }, attempts: 20 },
    );
  }

  return {
    nodes,
    untilUp,
    async createVhost(name) {
      await ask('add_vhost', name);
      await ask('set_permissions', '--vhost', name, 'guest', '.*', '.*', '.*');
      const urls = nodes.map(({ url }) => `${url}/${name}`);
      await Promise.all(nodes.map((node) => untilServed(node, name)));
      return {
        urls,
        drop: async () => {
          await ask('delete_vhost', name);
        },
      };
    },
    async membersOf(vhost, queue) {
      const out = await ask('list_queues', '--vhost', vhost, '--quiet', '--no-table-headers', 'name', 'leader');
      const name = rowsOf(out).find(([found]) => found === queue)?.[1];
      const leader = nodes.find((node) => node.name === name);
      if (!leader) throw new Error(`${queue} has no leader: ${out}`);
      return { leader, followers: nodes.filter((node) => node !== leader) };
    },
    async restore() {
      for (const node of nodes) if (!(await isUp(node.url))) await node.start();
      await Promise.all(nodes.map(untilUp));
    },
    stop: remove,
  };
}

const rowsOf = (table: string): string[][] =>
  table.split('\n').map((row) => row.split('\t').map((cell) => cell.trim()));

async function startNode(node: ClusterNode): Promise<void> {
  await node.start();
  await untilConnected(node.url);
}

/** A node that has only just rejoined may have failed to start a new virtual host; it is told to start it again. */
async function untilServed(node: ClusterNode, vhost: string): Promise<void> {
  const url = `${node.url}/${vhost}`;
  try {
    await untilConnected(url, 30_000);
  } catch {
    await node.control('restart_vhost', '--vhost', vhost);
    await untilConnected(url);
  }
}

const isUp = (url: string): Promise<boolean> =>
  connect(url, { timeout: 5_000 }).then(
    (connection) => connection.close().then(() => true),
    () => false,
  );

async function untilConnected(url: string, withinMs = 120_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isUp(url))) {
    if (Date.now() > deadline) throw new Error(`Nothing answers at ${url}`);
    await sleep(200);
  }
}
