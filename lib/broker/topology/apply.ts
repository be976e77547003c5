import { platformError } from '../../errors/errors';
import { brokerUserOf } from '../connection/connection';
import { declare } from './declare';
import { compare, interimQueue, superfluousBindings, type Difference } from './difference';
import type { Management } from '../management';
import { finishReplacing, moveOver, removeQueue, replaceQueue, type Migration } from '../migration/migrate-queue';
import { withoutVersion } from './queue-versions';
import { withChannel, withConnection } from '../connection/single-connection';
import type { Topology } from './spec';

export interface ApplyOptions {
  amqpUrl: string;
  management: Management;
  desired: Topology;
  /** Whose queues are ours; see `compare`. */
  consumers: readonly string[];
  /** Queues that have a new name, with it. */
  renamed: ReadonlyMap<string, string>;
  /** Told of every step. */
  log: (line: string) => void;
}

/**
 * Makes the broker what it should be, without losing a message; ended in the middle it can be done again. Gives back
 * what is left: queues that nobody needs, but that still hold messages or are consumed.
 * @throws `conflict` when an exchange would have to change, or a queue that is consumed; `unavailable` without broker.
 */
export async function apply(options: ApplyOptions): Promise<Difference[]> {
  const { amqpUrl, management, desired, consumers, renamed, log } = options;
  const differences = compare(desired, await management.read(), consumers);
  const namesOf = (what: Difference['what'], is: Difference['is']): string[] =>
    differences.filter((one) => one.what === what && one.is === is).map(({ name }) => name);
  const [stuck] = namesOf('exchange', 'differing');
  if (stuck !== undefined) {
    throw platformError(
      'conflict',
      `Exchange ${stuck} differs, and cannot be changed under those who use it: name it anew`,
    );
  }
  const superfluous = namesOf('queue', 'superfluous');
  await withConnection(amqpUrl, async (connection) => {
    const user = brokerUserOf(amqpUrl);
    const migration: Migration = { connection, user, management, desired, log };
    await migrateQueues(migration, namesOf('queue', 'differing'), superfluous);
    // Only now: before, a queue that differs would be in the way.
    await withChannel(connection, (channel) => declare(channel, desired));
    await setPolicies(options, differences);
    await unbindSuperfluous(migration);
    for (const name of superfluous.filter((queue) => !isInterim(desired, queue)))
      await retire(migration, name, renamed.get(name));
    await removeExchanges(migration, namesOf('exchange', 'superfluous'));
  });
  return compare(desired, await management.read(), consumers);
}

const isInterim = ({ queues }: Topology, name: string): boolean =>
  queues.some((one) => interimQueue(one.name) === name);

async function migrateQueues(migration: Migration, differing: string[], superfluous: string[]): Promise<void> {
  const { connection, desired } = migration;
  // What the queues are bound to must be there before them.
  await withChannel(connection, (channel) => declare(channel, { ...desired, queues: [], bindings: [] }));
  for (const queue of desired.queues) {
    if (differing.includes(queue.name)) await replaceQueue(migration, queue);
    else if (superfluous.includes(interimQueue(queue.name))) await finishReplacing(migration, queue);
  }
}

async function setPolicies({ management, desired, log }: ApplyOptions, differences: Difference[]): Promise<void> {
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
 * A queue that has a new name, or a newer version, hands its messages to that one; others go once they are empty.
 */
async function retire(migration: Migration, queue: string, newName: string | undefined): Promise<void> {
  const newer = migration.desired.queues.find(({ name }) => withoutVersion(name) === withoutVersion(queue));
  const successor = newName ?? newer?.name;
  const { consumerCount } = await withChannel(migration.connection, (channel) => channel.checkQueue(queue));
  if (successor !== undefined && consumerCount === 0) await moveOver(migration, queue, successor);
  else await removeQueue(migration, queue);
}

/** Only what leads nowhere any more. */
async function removeExchanges({ connection, management, log }: Migration, names: string[]): Promise<void> {
  const { bindings } = await management.read();
  for (const name of names.filter((one) => !bindings.some(({ exchange }) => exchange === one))) {
    await withChannel(connection, (channel) => channel.deleteExchange(name));
    log(`deleted exchange ${name}`);
  }
}
