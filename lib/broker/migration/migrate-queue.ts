import type { ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformError } from '../../errors/errors';
import { declareQueueOnly } from '../topology/declare';
import { interimQueue } from '../topology/difference';
import { drain } from './drain';
import type { Management } from '../management';
import { withChannel } from '../connection/single-connection';
import type { QueueSpec, Topology } from '../topology/spec';

/** Messages routed before a queue was unbound may still be on their way to it. */
const settleMs = 500;

export interface Migration {
  connection: ChannelModel;
  /** The user of the connection. */
  user: string;
  management: Management;
  desired: Topology;
  /** Receives a line for each step. */
  log: (line: string) => void;
}

/**
 * Replaces a queue by one of the same name with the desired arguments. A queue is bound at every moment, and every
 * message is in one. Messages may arrive twice or out of order: consumers detect both by id and version.
 * @throws `conflict` while the queue has consumers: messages held by a consumer could not be moved.
 */
export async function replaceQueue(migration: Migration, queue: QueueSpec): Promise<void> {
  const interim = { name: interimQueue(queue.name), arguments: { 'x-queue-type': 'quorum' } };
  await assertUnconsumed(migration.connection, queue.name);
  await declareBound(migration, interim, queue.name);
  await moveMessages(migration, queue.name, interim.name);
  await finishReplacing(migration, queue);
}

/** The second half of `replaceQueue`; also completes one that was interrupted. */
export async function finishReplacing(migration: Migration, queue: QueueSpec): Promise<void> {
  await declareBound(migration, queue, queue.name);
  await moveMessages(migration, interimQueue(queue.name), queue.name);
}

/**
 * Moves the messages of a queue to its successor, which must be bound already, and deletes the queue.
 * @throws `conflict` while the queue has consumers.
 */
export async function moveMessages(migration: Migration, from: string, to: string): Promise<void> {
  const { connection, log } = migration;
  await assertUnconsumed(connection, from);
  await unbindAll(migration, from);
  let moved = 0;
  do {
    moved += await drain(migration, from, to);
    await sleep(settleMs);
    await assertUnconsumed(connection, from);
  } while (!(await deleteIfUnused(connection, from)));
  log(`moved ${moved} messages from ${from} to ${to}, and deleted ${from}`);
}

/** Deletes a queue that is no longer needed, unless it has messages or consumers. */
export async function removeQueue(migration: Migration, queue: string): Promise<void> {
  const { connection, log } = migration;
  if (await isUnused(connection, queue)) {
    await unbindAll(migration, queue);
    await sleep(settleMs);
  }
  const isGone = await deleteIfUnused(connection, queue);
  log(isGone ? `deleted ${queue}` : `kept ${queue}: it has messages or consumers`);
}

const isUnused = (connection: ChannelModel, queue: string): Promise<boolean> =>
  withChannel(connection, async (channel) => {
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    return messageCount === 0 && consumerCount === 0;
  });

/** Quorum queues do not support "delete if empty". */
async function deleteIfUnused(connection: ChannelModel, queue: string): Promise<boolean> {
  if (!(await isUnused(connection, queue))) return false;
  await withChannel(connection, (channel) => channel.deleteQueue(queue));
  return true;
}

async function assertUnconsumed(connection: ChannelModel, queue: string): Promise<void> {
  const { consumerCount } = await withChannel(connection, (channel) => channel.checkQueue(queue));
  if (consumerCount === 0) return;
  throw platformError('conflict', `${queue} has consumers (${consumerCount}): stop them, then apply again`);
}

/** Declares a queue with the bindings desired for `bound`. */
async function declareBound({ connection, desired }: Migration, queue: QueueSpec, bound: string): Promise<void> {
  const bindings = desired.bindings.filter((binding) => binding.queue === bound);
  await withChannel(connection, async (channel) => {
    await declareQueueOnly(channel, queue);
    for (const { exchange, routingKey } of bindings) await channel.bindQueue(queue.name, exchange, routingKey);
  });
}

/** Removes all bindings of a queue, so that no new messages reach it. */
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
