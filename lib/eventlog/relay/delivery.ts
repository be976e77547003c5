import { toMessage, type OutgoingMessage } from '../../broker/envelope';
import type { Queryable } from '../../db/database';
import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import type { RelayMetrics } from './metrics';
import { parkEntry, type LogEntry } from './store';

/** What a relay needs of a publisher. */
export interface RelayPublisher {
  /** Resolves when the broker has taken the message and routed it; rejects when that is not certain. */
  publish(message: OutgoingMessage): Promise<void>;
}

export interface DeliveryOptions {
  db: Queryable;
  exchange: string;
  source: string;
  publisher: RelayPublisher;
  logger: Logger;
  metrics: RelayMetrics;
}

/** Larger data is refused by brokers with their default settings, by closing the channel. */
const largestData = 8 * 1024 * 1024;

/** Publishes one entry; sets it aside, loudly, when no message can be made of it: the log must not stand still. */
export function createDelivery(options: DeliveryOptions): (entry: LogEntry) => Promise<void> {
  const { db, exchange, source, publisher, logger, metrics } = options;

  async function park(entry: LogEntry, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const { id, type, stream, version, position } = entry;
    await parkEntry(db, exchange, entry, reason);
    metrics.parked();
    logger.error(
      { exchange, eventId: id, type, stream, version, position, reason },
      'event cannot be published: parked',
    );
  }

  return (entry) => {
    let message: OutgoingMessage;
    try {
      if (entry.data.length > largestData) throw new Error(`The data has ${entry.data.length} characters`);
      message = toMessage(entry, { exchange, source });
    } catch (error) {
      return park(entry, error);
    }
    const sent = performance.now();
    return publisher.publish(message).then(
      () => metrics.published((performance.now() - sent) / 1_000),
      (error: unknown) => {
        if (classify(error).code === 'invalid-message') return park(entry, error);
        throw error;
      },
    );
  };
}
