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
    await leader.cut(followers);
    await sleep(cutOffMs);
    await leader.rejoin(followers);
    await cluster.untilUp(leader);
    return `${leader.name}, the leader, cut off for ${cutOffMs / 1_000} s`;
  },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
