import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { keepChannel } from '../../broker/connection/channel';
import { close } from '../../broker/connection/single-connection';
import type { Broker } from '../../broker/connection/connection';
import { fromMessage, type Envelope } from '../../events/envelope';
import type { Publisher } from '../../broker/publishing/publisher';
import { declare, type Declare } from '../../broker/topology/declare';
import { provenanceOf } from '../../broker/provenance';
import { mergeTopologies } from '../../broker/topology/spec';
import {
  defaultRetryDelaysMs,
  delayTopology,
  queueTopology,
  type QueueDeclaration,
} from '../../broker/topology/topology';
import type { Database } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import { createAdaptivePrefetch } from './adaptive-prefetch';
import { createConsumerMetrics } from './consumer-metrics';
import { fromChannel, fromParked, type EventDelivery } from './incoming';
import { createForget } from '../erasure/erased-messages';
import { createForward } from '../failure/forward';
import { createHeldQueue } from '../outage/held-queue';
import type { Held } from '../outage/retry-while-unavailable';
import { createLanes } from '../../async/lanes';
import { mustBeTrusted } from './origin';
import { createSettlement } from './batch';
import { selectStranded } from '../store';
import type { Heard, Subscription } from '../subscription/subscription';

export interface ConsumerOptions {
  broker: Broker;
  /** Takes what failed to the delay queues and the dead letters. */
  publisher: Publisher;
  database: Pick<Database<unknown>, 'kysely'>;
  /** Whose queue it is: `note-service` hears `user-events` on `note-service-user-events`. */
  consumer: string;
  subscription: Subscription;
  logger: Logger;
  metrics: Metrics;
  retryDelaysMs?: readonly number[];
  /**
   * Broker users whose messages are accepted besides the producer's and the consumer's own: the operators'. Without them
   * the origin of messages is not checked.
   */
  operators?: readonly string[];
  /** Accepts retries that name no user, while processes of a release run that did not name theirs. */
  acceptUnnamed?: boolean;
  /** How long the handler of one event may take. */
  handlerTimeoutMs?: number;
  /** How long an outage may last before the queue is shown as held; default 10 s. */
  heldAfterMs?: number;
  /** Declares what the consumer needs, on every new channel; by default as the consumer's own user. */
  declare?: Declare;
  /** Messages that may be here unacknowledged: enough to fill batches, little enough to share with other processes. */
  prefetch?: number;
}

export interface Consumer {
  /** Resolves when messages can come for the first time; from then on every loss of the channel is mended. */
  start(): Promise<void>;
  /** Takes no more messages, finishes those under way; the rest goes back to the queue. */
  stop(): Promise<void>;
  /** Since when a message, or all of them, cannot get on, and why: a system that is needed is away. Undefined while all flow. */
  held(): Held | undefined;
}

/** Database work shares few transactions; work in other systems waits mostly, so much of it runs at once. */
const lanesOf = {
  ordered: { count: 4, batchSize: 100 },
  unordered: { count: 4, batchSize: 100 },
  external: { count: 100, batchSize: 1 },
} as const;

/** The queue of a consumer for a subscription. @param former earlier names of the consumer */
export const queueOf = (
  consumer: string,
  { exchange, bindings }: Heard,
  former: readonly string[] = [],
): QueueDeclaration => ({
  queue: `${consumer}-${exchange.name}`,
  formerly: former.map((name) => `${name}-${exchange.name}`),
  exchange: exchange.name,
  bindings,
});

/** What deals with the messages of a subscription once they are here. */
function settling(options: ConsumerOptions, declaration: QueueDeclaration, stopping: AbortSignal) {
  const { retryDelaysMs = defaultRetryDelaysMs } = options;
  const { queue, exchange } = declaration;
  const { acceptUnnamed = false, operators = [] } = options;
  const origins = { exchange, users: [options.broker.user, ...operators], acceptUnnamed };
  const metrics = createConsumerMetrics(options.metrics, queue);
  const forward = createForward({ ...options, declaration, retryDelaysMs, metrics });
  const forget = createForget(options, queue);
  const gate = createHeldQueue({ ...options, queue });
  const settlement = createSettlement({ ...options, forward, forget, gate, queue, metrics, stopping });
  /** What must be seen to in the database before messages come. */
  const catchUp = async (): Promise<Envelope[]> => {
    await forget();
    return selectStranded(options.database.kysely, options.subscription.name);
  };
  /** @throws `untrusted-origin`, `invalid-message` */
  const read = (message: ConsumeMessage): Envelope => {
    mustBeTrusted(provenanceOf(message), origins);
    return fromMessage(message);
  };
  return { settlement, gate, catchUp, read };
}

/** Takes a subscription's messages off its queue and applies each event once. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { broker, database, subscription, logger, retryDelaysMs = defaultRetryDelaysMs, prefetch = 300 } = options;
  const declaration = queueOf(options.consumer, subscription);
  const { queue } = declaration;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const { settlement, gate, catchUp, read } = settling(options, declaration, stopped);
  const { batchSize, count } = lanesOf[subscription.kind];
  const lanes = createLanes({ count, batchSize, work });
  const refusals = new Set<Promise<void>>();
  const adaptive = createAdaptivePrefetch(prefetch);
  let cancel: () => Promise<unknown> = () => Promise.resolve();

  /** Applies a batch, then what had waited for it. */
  async function work(batch: readonly EventDelivery[]): Promise<void> {
    const due = await settlement.apply(batch.filter(({ over }) => !over.aborted));
    for (let next = 0; next < due.length; next += batchSize) {
      await work(due.slice(next, next + batchSize).map(parked));
    }
  }

  const parked = (event: Envelope): EventDelivery => fromParked(database.kysely, subscription, event, stopped);

  /** Begins on a fresh channel, once the database is there; rejects, and is tried again, while the broker is away. */
  async function use(channel: Channel): Promise<() => void> {
    const over = new AbortController();
    const ensure: Declare = options.declare ?? ((topology) => declare(channel, topology));
    await ensure(mergeTopologies(delayTopology(retryDelaysMs), queueTopology(declaration)));
    channel.once('close', () => over.abort());
    const stranded = await gate.outlast(catchUp, () => AbortSignal.any([over.signal, stopped]));
    await channel.prefetch(adaptive.prefetch);
    const { consumerTag } = await channel.consume(queue, (message) => {
      // Null: the broker has cancelled the consumer, because its queue moved or went. Begin again on a new channel.
      if (!message || adaptive.changes(message)) void close(channel);
      else receive(channel, message, over.signal);
    });
    for (const event of stranded) lanes.push(event.stream, parked(event));
    cancel = () => channel.cancel(consumerTag);
    return () => {
      over.abort();
      cancel = () => Promise.resolve();
    };
  }

  function receive(channel: Channel, message: ConsumeMessage, over: AbortSignal): void {
    const delivery = fromChannel(channel, message, over);
    try {
      const event = read(message);
      lanes.push(event.stream, { ...delivery, event });
    } catch (error) {
      const refusal = settlement.refuse(delivery, error).finally(() => refusals.delete(refusal));
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
      await cancel().catch(() => undefined); // The channel is gone: nothing comes any more.
      stopping.abort();
      await lanes.idle();
      await Promise.all(refusals);
      await kept?.close();
      gate.close();
    },
    held: () => gate.held(),
  };
}
