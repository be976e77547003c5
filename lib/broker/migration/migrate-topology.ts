import { platformError } from '../../errors/errors';
import type { BrokerUrl } from '../connection/address';
import { brokerUserOf } from '../connection/connection';
import { declare } from '../topology/declare';
import { compareTopologies, interimQueue, superfluousBindings, type Difference } from '../topology/difference';
import type { Management } from '../management';
import { finishReplacing, moveMessages, removeQueue, replaceQueue, type Migration } from './migrate-queue';
import { withoutVersion } from '../topology/queue-versions';
import { withChannel, withConnection } from '../connection/single-connection';
import type { Topology } from '../topology/spec';

export interface TopologyMigration {
  amqpUrl: BrokerUrl;
  management: Management;
  desired: Topology;
  /** The consumers whose queues are ours; see `compareTopologies`. */
  consumers: readonly string[];
  /** Renamed queues: old name → new name. */
  renamed: ReadonlyMap<string, string>;
  /** Receives a line for each step. */
  log: (line: string) => void;
}

/**
 * Brings the broker to the desired topology without losing a message; it can be repeated after an interruption.
 * @returns what is left: superfluous queues that still have messages or consumers
 * @throws `conflict` when an exchange, or a queue with consumers, would have to change; `unavailable` without a broker
 */
export async function migrateTopology(options: TopologyMigration): Promise<Difference[]> {
  const { amqpUrl, management, desired, consumers, renamed, log } = options;
  const differences = compareTopologies(desired, await management.read(), consumers);
  const namesOf = (what: Difference['what'], is: Difference['is']): string[] =>
    differences.filter((one) => one.what === what && one.is === is).map(({ name }) => name);
  const [stuck] = namesOf('exchange', 'differing');
  if (stuck !== undefined) {
    throw platformError(
      'conflict',
      `Exchange ${stuck} differs, and an exchange in use cannot be changed: give it a new name`,
    );
  }
  const superfluous = namesOf('queue', 'superfluous');
  await withConnection(amqpUrl, async (connection) => {
    const user = brokerUserOf(amqpUrl);
    const migration: Migration = { connection, user, management, desired, log };
    await migrateQueues(migration, namesOf('queue', 'differing'), superfluous);
    // Only now: before the migration, a queue that differs would be refused.
    await withChannel(connection, (channel) => declare(channel, desired));
    await setPolicies(options, differences);
    await unbindSuperfluous(migration);
    for (const name of superfluous.filter((queue) => !isInterim(desired, queue)))
      await retire(migration, name, renamed.get(name));
    await removeExchanges(migration, namesOf('exchange', 'superfluous'));
  });
  return compareTopologies(desired, await management.read(), consumers);
}

const isInterim = ({ queues }: Topology, name: string): boolean =>
  queues.some((one) => interimQueue(one.name) === name);

async function migrateQueues(migration: Migration, differing: string[], superfluous: string[]): Promise<void> {
  const { connection, desired } = migration;
  // Exchanges must exist before the queues that are bound to them.
  await withChannel(connection, (channel) => declare(channel, { ...desired, queues: [], bindings: [] }));
  for (const queue of desired.queues) {
    if (differing.includes(queue.name)) await replaceQueue(migration, queue);
    else if (superfluous.includes(interimQueue(queue.name))) await finishReplacing(migration, queue);
  }
}

async function setPolicies({ management, desired, log }: TopologyMigration, differences: Difference[]): Promise<void> {
  for (const { is, name } of differences.filter(({ what }) => what === 'policy')) {
    const policy = desired.policies.find((one) => one.name === name);
    await (policy ? management.setPolicy(policy) : management.removePolicy(name));
    log(`policy ${name} was ${is}`);
  }
}

async function unbindSuperfluous({ connection, management, desired, log }: Migration): Promise<void> {
  const bindings = superfluousBindings(desired, await management.read());
  await withChannel(connection, async (channel) => {
    for (const { queue, exchange, routingKey, name } of bindings) {
      await channel.unbindQueue(queue, exchange, routingKey);
      log(`unbound ${name}`);
    }
  });
}

/**
 * Moves the messages of a renamed or newly versioned queue to its successor; other queues are deleted once empty.
 */
async function retire(migration: Migration, queue: string, newName: string | undefined): Promise<void> {
  const newer = migration.desired.queues.find(({ name }) => withoutVersion(name) === withoutVersion(queue));
  const successor = newName ?? newer?.name;
  const { consumerCount } = await withChannel(migration.connection, (channel) => channel.checkQueue(queue));
  if (successor !== undefined && consumerCount === 0) await moveMessages(migration, queue, successor);
  else await removeQueue(migration, queue);
}

/** Deletes those exchanges that have no bindings left. */
async function removeExchanges({ connection, management, log }: Migration, names: string[]): Promise<void> {
  const { bindings } = await management.read();
  for (const name of names.filter((one) => !bindings.some(({ exchange }) => exchange === one))) {
    await withChannel(connection, (channel) => channel.deleteExchange(name));
    log(`deleted exchange ${name}`);
  }
}
