import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster';
import type { ClusterNode } from './node';

/** The members of the queue under load. */
export interface Members {
  leader: ClusterNode;
  followers: readonly ClusterNode[];
}

/** What happens to a cluster while events are published; returns what was done, for the verdict. */
export type Scenario = (cluster: Cluster, members: Members) => Promise<string>;

/** How long a node stays away. */
const cutOffMs = 30_000;

export const scenarios = {
  'leader-killed': async (_, { leader }) => {
    await leader.kill();
    return `kill -9 of ${leader.name}, the leader`;
  },
  'followers-killed': async (cluster, { followers }) => {
    for (const follower of followers) {
      await follower.kill();
      await follower.start();
      await cluster.untilUp(follower);
    }
    return `kill -9 of ${followers.map(({ name }) => name).join(', then ')}, the followers`;
  },
  'node-stopped': async (cluster, { leader }) => {
    await leader.stop();
    await leader.start();
    await cluster.untilUp(leader);
    return `stop and start of ${leader.name}, the leader`;
  },
  'node-cut-off': async (cluster, { leader, followers }) => {
    await cutOff(leader, followers);
    await sleep(cutOffMs);
    if (await isConnected(leader, followers)) throw new Error(`${leader.name} was connected again before its time`);
    await leader.rejoin(followers);
    await cluster.untilUp(leader);
    return `${leader.name}, the leader, cut off for ${cutOffMs / 1_000} s`;
  },
} satisfies Record<string, Scenario>;

/** Containers notice a cut only when a peer has been silent for a minute. */
const noticedWithinMs = 90_000;

/** @throws when the others stay connected with the node: then nothing was cut, and the run would prove nothing. */
async function cutOff(node: ClusterNode, others: readonly ClusterNode[]): Promise<void> {
  const deadline = Date.now() + noticedWithinMs;
  do {
    await node.cut(others);
    await sleep(1_000);
    if (!(await isConnected(node, others))) return;
  } while (Date.now() < deadline);
  throw new Error(`${node.name} could not be cut off`);
}

/** Whether any of the others is connected with the node. */
async function isConnected(node: ClusterNode, others: readonly ClusterNode[]): Promise<boolean> {
  const peers = await Promise.all(others.map((other) => other.control('eval', 'nodes().')));
  return peers.some((names) => names.includes(node.name));
}

export type ScenarioName = keyof typeof scenarios;
