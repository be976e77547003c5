import type { Envelope } from '../../events/envelope';
import type { Database } from '../../db/database';
import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import { applyEvents } from './apply';
import type { ConsumerMetrics } from './consumer-metrics';
import type { Delivery, EventDelivery } from './incoming';
import type { Forward } from '../failure/forward';
import { markFailed } from '../failure/failed-streams-store';
import type { Gate } from '../outage/retry-while-unavailable';
import { setAside } from '../failure/set-aside';
import { defaultHandlerTimeoutMs } from './handler-timeout';
import { parkEvents } from '../store';
import { isErasing, type Subscription } from '../subscription/subscription';

export interface SettlementOptions {
  database: Pick<Database<unknown>, 'kysely'>;
  subscription: Subscription;
  handlerTimeoutMs?: number;
  forward: Forward;
  /** Throws away the dead letters that an erasure has overtaken. */
  forget: () => Promise<void>;
  /** Shut while a system that is needed is away. */
  gate: Pick<Gate, 'attempt' | 'outlast'>;
  /** For the log. */
  queue: string;
  logger: Logger;
  metrics: ConsumerMetrics;
  /** From then on nothing is held any longer: it goes back to the queue. */
  stopping: AbortSignal;
}

/** Brings every delivery to an end: applied, parked, sent round again, or dead. Neither function rejects. */
export interface Settlement {
  /** Applies a batch at once; when one of them fails, each by itself. Gives back parked events that are due now. */
  apply(batch: readonly EventDelivery[]): Promise<Envelope[]>;
  /** Deals with a message that is no event. */
  refuse(delivery: Delivery, error: unknown): Promise<void>;
}

export function createSettlement(options: SettlementOptions): Settlement {
  const { database, subscription, forward, gate, queue, logger, metrics, stopping } = options;
  const applying = { subscription, handlerTimeoutMs: options.handlerTimeoutMs ?? defaultHandlerTimeoutMs };

  async function apply(batch: readonly EventDelivery[]): Promise<Envelope[]> {
    const [first, ...others] = batch;
    if (!first) return [];
    if (others.length === 0) return settle(first);
    try {
      return await gate.attempt(
        () => applyNow(batch),
        () => endOf(first),
      );
    } catch {
      // Whatever it was, each meets it by itself, so that none suffers from another.
      const due: Envelope[] = [];
      for (const delivery of batch) due.push(...(await settle(delivery)));
      return due;
    }
  }

  async function applyNow(batch: readonly EventDelivery[]): Promise<Envelope[]> {
    const began = performance.now();
    const events = batch.map(({ event }) => event);
    const { outcomes, due } = await applyEvents(database.kysely, applying, events);
    metrics.took((performance.now() - began) / 1_000, batch.length);
    // Before it is settled: ended in between, it comes again.
    if (events.some((event) => isErasing(subscription, event))) await options.forget();
    for (const [index, delivery] of batch.entries()) {
      const outcome = outcomes[index] ?? 'applied';
      metrics.consumed(outcome);
      await delivery.settle(outcome);
    }
    return due;
  }

  /** An outage is waited for, as long as it takes; with any other failure the message leaves. */
  async function settle(delivery: EventDelivery): Promise<Envelope[]> {
    const over = (): AbortSignal => endOf(delivery);
    try {
      return await gate.outlast(() => applyNow([delivery]), over);
    } catch (error) {
      if (!over().aborted) await aside(delivery, () => leave(delivery, error));
      return [];
    }
  }

  async function leave(delivery: EventDelivery, error: unknown): Promise<void> {
    const isParked = classify(error).message === 'park' && (await park(delivery, error));
    if (!isParked) await fallBehind(delivery, error);
  }

  /** A reaction has no versions to go by: that this one has failed is written down before it leaves. */
  async function fallBehind(delivery: EventDelivery, error: unknown): Promise<void> {
    if (subscription.kind !== 'ordered') await markFailed(database.kysely, subscription.name, delivery.event);
    await moveOn(delivery, error);
  }

  async function moveOn({ message, settle }: Delivery, error: unknown): Promise<void> {
    await forward(message, error);
    await settle('moved on');
  }

  /** False when another event has its place of the stream. */
  async function park({ event, settle }: EventDelivery, error: unknown): Promise<boolean> {
    const waiting = await parkEvents(database.kysely, subscription.name, [event], 'unknown-event-version');
    if (!waiting.has(event.id)) return false;
    const { id, type, dataVersion, stream, version, correlationId } = event;
    logger.warn({ queue, eventId: id, type, dataVersion, stream, version, correlationId, err: error }, 'event parked');
    metrics.consumed('parked');
    await settle('parked');
    return true;
  }

  const endOf = ({ over }: Delivery): AbortSignal => AbortSignal.any([over, stopping]);
  const aside = (delivery: Delivery, put: () => Promise<void>): Promise<void> =>
    setAside(put, {
      over: endOf(delivery),
      onFailed: (error, pauseMs) => logger.warn({ queue, pauseMs, err: error }, 'message cannot be set aside yet'),
    });

  return { apply, refuse: (delivery, failure) => aside(delivery, () => moveOn(delivery, failure)) };
}
