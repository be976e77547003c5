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
import { moveFailed } from '../failure/move-failed';
import { defaultHandlerTimeoutMs } from './handle';
import { parkEvents } from '../store';
import { isErasing, type Subscription } from '../subscription/subscription';

export interface BatchProcessorOptions {
  database: Pick<Database<unknown>, 'kysely'>;
  subscription: Subscription;
  handlerTimeoutMs?: number;
  forward: Forward;
  /** Purges the dead letters that precede an erasure in their stream. */
  purgeErased: () => Promise<void>;
  /** Shut while a dependency is unavailable. */
  gate: Pick<Gate, 'attempt' | 'retryWhileUnavailable'>;
  /** For the log. */
  queue: string;
  logger: Logger;
  metrics: ConsumerMetrics;
  /** Once aborted, nothing is held any longer: messages return to the queue. */
  stopping: AbortSignal;
}

/** Finishes every delivery: it is applied, parked, retried or dead-lettered. Neither function rejects. */
export interface BatchProcessor {
  /** Applies a batch at once, or, when one of its events fails, one by one. Returns parked events that are due now. */
  apply(batch: readonly EventDelivery[]): Promise<Envelope[]>;
  /** Finishes a message that is not an event. */
  refuse(delivery: Delivery, error: unknown): Promise<void>;
}

export function createBatchProcessor(options: BatchProcessorOptions): BatchProcessor {
  const { database, subscription, forward, gate, queue, logger, metrics, stopping } = options;
  const handling = { subscription, handlerTimeoutMs: options.handlerTimeoutMs ?? defaultHandlerTimeoutMs };

  async function apply(batch: readonly EventDelivery[]): Promise<Envelope[]> {
    const [first, ...others] = batch;
    if (!first) return [];
    if (others.length === 0) return applyAlone(first);
    try {
      return await gate.attempt(
        () => applyNow(batch),
        () => endOf(first),
      );
    } catch {
      // One by one each meets its own error, and none suffers from another's.
      const due: Envelope[] = [];
      for (const delivery of batch) due.push(...(await applyAlone(delivery)));
      return due;
    }
  }

  async function applyNow(batch: readonly EventDelivery[]): Promise<Envelope[]> {
    const began = performance.now();
    const events = batch.map(({ event }) => event);
    const { outcomes, due } = await applyEvents(database.kysely, handling, events);
    metrics.took((performance.now() - began) / 1_000, batch.length);
    // Before the acknowledgement: after a crash in between, the erasure is delivered and purged again.
    if (events.some((event) => isErasing(subscription, event))) await options.purgeErased();
    for (const [index, delivery] of batch.entries()) {
      const outcome = outcomes[index] ?? 'applied';
      metrics.consumed(outcome);
      await delivery.acknowledge(outcome);
    }
    return due;
  }

  /** Waits out an outage, however long it lasts; after any other failure the message is moved away. */
  async function applyAlone(delivery: EventDelivery): Promise<Envelope[]> {
    const ended = (): AbortSignal => endOf(delivery);
    try {
      return await gate.retryWhileUnavailable(() => applyNow([delivery]), ended);
    } catch (error) {
      if (!ended().aborted) await move(delivery, () => parkOrForward(delivery, error));
      return [];
    }
  }

  async function parkOrForward(delivery: EventDelivery, error: unknown): Promise<void> {
    const isParked = classify(error).message === 'park' && (await park(delivery, error));
    if (!isParked) await forwardEvent(delivery, error);
  }

  /** A reaction does not go by versions, so the failure is recorded before the message leaves. */
  async function forwardEvent(delivery: EventDelivery, error: unknown): Promise<void> {
    if (subscription.kind !== 'ordered') await markFailed(database.kysely, subscription.name, delivery.event);
    await forwardMessage(delivery, error);
  }

  async function forwardMessage({ message, acknowledge }: Delivery, error: unknown): Promise<void> {
    await forward(message, error);
    await acknowledge('forwarded');
  }

  /** False when another event has its position in the stream. */
  async function park({ event, acknowledge }: EventDelivery, error: unknown): Promise<boolean> {
    const waiting = await parkEvents(database.kysely, subscription.name, [event], 'unknown-event-version');
    if (!waiting.has(event.id)) return false;
    const { id, type, dataVersion, stream, version, correlationId } = event;
    logger.warn({ queue, eventId: id, type, dataVersion, stream, version, correlationId, err: error }, 'event parked');
    metrics.consumed('parked');
    await acknowledge('parked');
    return true;
  }

  const endOf = ({ ended }: Delivery): AbortSignal => AbortSignal.any([ended, stopping]);
  const move = (delivery: Delivery, run: () => Promise<void>): Promise<void> =>
    moveFailed(run, {
      signal: endOf(delivery),
      onRetry: (error, waitMs) =>
        logger.warn({ queue, waitMs, err: error }, 'failed message could not be moved; retrying'),
    });

  return { apply, refuse: (delivery, failure) => move(delivery, () => forwardMessage(delivery, failure)) };
}
