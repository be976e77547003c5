import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { createLanes } from '../../async/batching';
import { keepChannel } from '../../broker/connection/channel';
import { close } from '../../broker/connection/single-connection';
import { fromMessage, type Envelope } from '../../events/envelope';
import { declare, type Declare } from '../../broker/topology/declare';
import { mergeTopologies } from '../../broker/topology/spec';
import {
  defaultRetryDelaysMs,
  delayTopology,
  queueTopology,
  type QueueDeclaration,
} from '../../broker/topology/topology';
import type { Held } from '../outage/retry-while-unavailable';
import { provenanceOf, assertTrusted } from '../../broker/provenance';
import { createPurge } from '../erasure/erased-messages';
import { createForward } from '../failure/forward';
import { createHeldQueue } from '../outage/held-queue';
import { selectStranded } from '../store';
import { createAdaptivePrefetch } from './adaptive-prefetch';
import type { ConsumerOptions } from './consumer-options';
import { fromChannel, fromParked, type EventDelivery } from './incoming';
import { queueOf } from './queue';
import { createBatchProcessor } from './batch';
import { createConsumerMetrics } from './consumer-metrics';

export interface Consumer {
  /** Resolves when messages are consumed for the first time; from then on a lost channel is replaced. */
  start(): Promise<void>;
  /** Takes no more messages and finishes those under way; the rest returns to the queue. */
  stop(): Promise<void>;
  /**
   * Since when, and why, a message or the whole queue is held: a dependency is unavailable. Undefined while all flow.
   */
  held(): Held | undefined;
}

/** Database work is batched into few transactions; calls of other systems mostly wait, so many run at once. */
const lanesOf = {
  ordered: { count: 4, batchSize: 100 },
  unordered: { count: 4, batchSize: 100 },
  external: { count: 100, batchSize: 1 },
} as const;

/** Consumes the queue of a subscription and applies each event once. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { broker, database, subscription, logger, retryDelaysMs = defaultRetryDelaysMs, prefetch = 300 } = options;
  const declaration = queueOf(options.consumer, subscription);
  const { queue } = declaration;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const { processor, gate, catchUp, read } = createProcessing(options, declaration, stopped);
  const { batchSize, count } = lanesOf[subscription.kind];
  const lanes = createLanes({ count, batchSize, work });
  const refusals = new Set<Promise<void>>();
  const adaptive = createAdaptivePrefetch(prefetch);
  let cancel: () => Promise<unknown> = () => Promise.resolve();

  /** Applies a batch, then the parked events that are due because of it. */
  async function work(batch: readonly EventDelivery[]): Promise<void> {
    const due = await processor.apply(batch.filter(({ ended }) => !ended.aborted));
    for (let next = 0; next < due.length; next += batchSize) {
      await work(due.slice(next, next + batchSize).map(parked));
    }
  }

  const parked = (event: Envelope): EventDelivery => fromParked(database.kysely, subscription, event, stopped);

  /** Consumes on a new channel, once the database is reachable; rejects, and is retried, while the broker is not. */
  async function use(channel: Channel): Promise<() => void> {
    const ended = new AbortController();
    const ensure: Declare = options.declare ?? ((topology) => declare(channel, topology));
    await ensure(mergeTopologies(delayTopology(retryDelaysMs), queueTopology(declaration)));
    channel.once('close', () => ended.abort());
    const stranded = await gate.retryWhileUnavailable(catchUp, () => AbortSignal.any([ended.signal, stopped]));
    await channel.prefetch(adaptive.prefetch);
    const { consumerTag } = await channel.consume(queue, (message) => {
      // Null: the broker has cancelled the consumer, because its queue moved or was deleted. A new channel is opened.
      if (!message || adaptive.changes(message)) void close(channel);
      else receive(channel, message, ended.signal);
    });
    for (const event of stranded) lanes.push(event.stream, parked(event));
    cancel = () => channel.cancel(consumerTag);
    return () => {
      ended.abort();
      cancel = () => Promise.resolve();
    };
  }

  function receive(channel: Channel, message: ConsumeMessage, ended: AbortSignal): void {
    const delivery = fromChannel(channel, message, ended);
    try {
      const event = read(message);
      lanes.push(event.stream, { ...delivery, event });
    } catch (error) {
      const refusal = processor.refuse(delivery, error).finally(() => refusals.delete(refusal));
      refusals.add(refusal);
    }
  }

  let kept: { close(): Promise<void> } | undefined;
  return {
    start: () =>
      new Promise((resolve) => {
        const open = (connection: ChannelModel) => connection.createChannel();
        const begin = async (channel: Channel) => {
          const release = await use(channel);
          resolve();
          return release;
        };
        kept ??= keepChannel(broker.consuming, { name: queue, logger, open, use: begin });
      }),
    async stop() {
      await cancel().catch(() => undefined); // The channel is closed: there is nothing to cancel.
      stopping.abort();
      await lanes.idle();
      await Promise.all(refusals);
      await kept?.close();
      gate.close();
    },
    held: () => gate.held(),
  };
}

/** What the messages of a subscription pass through once they are delivered. */
function createProcessing(options: ConsumerOptions, declaration: QueueDeclaration, stopping: AbortSignal) {
  const { broker, database, subscription, retryDelaysMs = defaultRetryDelaysMs } = options;
  const { acceptUnnamed = false, operators = [] } = options;
  const { queue, exchange } = declaration;
  const origins = { exchange, users: [broker.user, ...operators], acceptUnnamed };
  const metrics = createConsumerMetrics(options.metrics, queue);
  const forward = createForward({ ...options, declaration, retryDelaysMs, metrics });
  const purgeErased = createPurge(options, queue);
  const gate = createHeldQueue({ ...options, queue });
  return {
    /** @throws `untrusted-origin`, `invalid-message` */
    read: (message: ConsumeMessage): Envelope => {
      assertTrusted(provenanceOf(message), origins);
      return fromMessage(message);
    },
    processor: createBatchProcessor({ ...options, forward, purgeErased, gate, queue, metrics, stopping }),
    gate,
    /** What must be done in the database before messages are taken: returns parked events that are due. */
    catchUp: async (): Promise<Envelope[]> => {
      await purgeErased();
      return selectStranded(database.kysely, subscription.name);
    },
  };
}
