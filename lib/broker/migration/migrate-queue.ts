import type { ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformError } from '../../errors/errors';
import { declareOnly } from '../topology/declare';
import { interimQueue } from '../topology/difference';
import { drain } from './drain';
import type { Management } from '../management';
import { withChannel } from '../connection/single-connection';
import type { QueueSpec, Topology } from '../topology/spec';

/** What was routed before a queue was unbound may still be on its way to it. */
const settleMs = 500;

export interface Migration {
  connection: ChannelModel;
  /** Whom the connection is of. */
  user: string;
  management: Management;
  desired: Topology;
  /** Told of every step. */
  log: (line: string) => void;
}

/**
 * Gives a queue that differs its new arguments under its old name. At every moment a queue is bound, and every message
 * is in one. Messages may come twice, and newer ones before older ones: consumers know both by id and version.
 * @throws `conflict` while the queue is consumed: what a consumer holds could not be moved.
 */
export async function replaceQueue(migration: Migration, queue: QueueSpec): Promise<void> {
  const interim = { name: interimQueue(queue.name), arguments: { 'x-queue-type': 'quorum' } };
  await mustBeUnconsumed(migration.connection, queue.name);
  await declareBound(migration, interim, queue.name);
  await moveOver(migration, queue.name, interim.name);
  await finishReplacing(migration, queue);
}

/** The second half of `replaceQueue`, and what there is to do when that was ended in the middle. */
export async function finishReplacing(migration: Migration, queue: QueueSpec): Promise<void> {
  await declareBound(migration, queue, queue.name);
  await moveOver(migration, interimQueue(queue.name), queue.name);
}

/**
 * Moves the messages of a queue that has a successor, which must be bound already, and deletes it.
 * @throws `conflict` while the queue is consumed.
 */
export async function moveOver(migration: Migration, from: string, to: string): Promise<void> {
  const { connection, log } = migration;
  await mustBeUnconsumed(connection, from);
  await unbindAll(migration, from);
  let moved = 0;
  do {
    moved += await drain(migration, from, to);
    await sleep(settleMs);
    await mustBeUnconsumed(connection, from);
  } while (!(await deleteIfUnused(connection, from)));
  log(`moved ${moved} messages from ${from} to ${to}, and deleted ${from}`);
}

/** Deletes a queue that nobody needs; one with messages or consumers is left as it is. */
export async function removeQueue(migration: Migration, queue: string): Promise<void> {
  const { connection, log } = migration;
  if (await isUnused(connection, queue)) {
    await unbindAll(migration, queue);
    await sleep(settleMs);
  }
  const isGone = await deleteIfUnused(connection, queue);
  log(isGone ? `deleted ${queue}` : `left ${queue}: it holds messages, or is consumed`);
}

const isUnused = (connection: ChannelModel, queue: string): Promise<boolean> =>
  withChannel(connection, async (channel) => {
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    return messageCount === 0 && consumerCount === 0;
  });

/** Quorum queues know no "delete if empty". */
async function deleteIfUnused(connection: ChannelModel, queue: string): Promise<boolean> {
  if (!(await isUnused(connection, queue))) return false;
  await withChannel(connection, (channel) => channel.deleteQueue(queue));
  return true;
}

async function mustBeUnconsumed(connection: ChannelModel, queue: string): Promise<void> {
  const { consumerCount } = await withChannel(connection, (channel) => channel.checkQueue(queue));
  if (consumerCount === 0) return;
  throw platformError('conflict', `${queue} has consumers (${consumerCount}): stop them, then apply again`);
}

/** Declares a queue with the bindings that are wanted for `bound`. */
async function declareBound({ connection, desired }: Migration, queue: QueueSpec, bound: string): Promise<void> {
  const bindings = desired.bindings.filter((binding) => binding.queue === bound);
  await withChannel(connection, async (channel) => {
    await declareOnly(channel, queue);
    for (const { exchange, routingKey } of bindings) await channel.bindQueue(queue.name, exchange, routingKey);
  });
}

/** From now on nothing more comes into a queue. */
export async function unbindAll(
  { connection, management }: Pick<Migration, 'connection' | 'management'>,
  name: string,
): Promise<void> {
  const { bindings } = await management.read();
  await withChannel(connection, async (channel) => {
    for (const { queue, exchange, routingKey } of bindings) {
      if (queue === name) await channel.unbindQueue(queue, exchange, routingKey);
    }
  });
}
