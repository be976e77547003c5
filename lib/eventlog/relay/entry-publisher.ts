import { toMessage, type OutgoingMessage } from '../../events/envelope';
import { coalesce } from '../../async/batching';
import type { Queryable } from '../../db/database';
import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import type { LogEntry } from './log-reader-store';
import type { RelayMetrics } from './metrics';
import { insertRefused, insertUnpublished } from './refused-store';
import type { StallWatch } from './stall';

/** What a relay needs from a publisher. */
export interface RelayPublisher {
  /** Resolves when the broker has accepted and routed the message; rejects when that is not certain. */
  publish(message: OutgoingMessage): Promise<void>;
}

export interface EntryPublisherOptions {
  db: Queryable;
  exchange: string;
  source: string;
  publisher: RelayPublisher;
  logger: Logger;
  metrics: RelayMetrics;
  stall: StallWatch;
}

/** Brokers with default settings refuse larger messages by closing the channel. */
const maxDataCharacters = 8 * 1024 * 1024;

/** Publishes log entries to the broker. */
export interface EntryPublisher {
  /**
   * Resolves when the relay can move on: every queue has the entry; or a queue refused it, which is recorded, because a
   * full queue must not hold up the others; or no message can be made of it, and it is set aside with an error.
   */
  publish(entry: LogEntry): Promise<void>;
  /**
   * Publishes a refused entry again: true when every queue has it, or it was set aside. False when it is refused again,
   * or no queue is bound for it now: one entry must not block the others.
   */
  publishAgain(entry: LogEntry): Promise<boolean>;
}

export function createEntryPublisher(options: EntryPublisherOptions): EntryPublisher {
  const { db, exchange, source, publisher, logger, metrics, stall } = options;
  // A full queue refuses everything: many entries are recorded in one statement.
  const recordRefused = coalesce(
    async (positions: number[]) => {
      await insertRefused(db, exchange, positions);
      return positions;
    },
    { max: 1_000, lanes: 1 },
  );

  async function setApart(entry: LogEntry, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const { id, type, stream, version, position } = entry;
    await insertUnpublished(db, exchange, entry, reason);
    metrics.setApart();
    logger.error(
      { exchange, eventId: id, type, stream, version, position, reason },
      'event cannot be published: set aside; see "outbox parked"',
    );
  }

  function send(entry: LogEntry): Promise<void> {
    if (entry.data.length > maxDataCharacters)
      throw new Error(`The data has ${entry.data.length} characters; the limit is ${maxDataCharacters}`);
    const message = toMessage(entry, { exchange, source });
    const sent = performance.now();
    return publisher.publish(message).then(() => {
      metrics.published((performance.now() - sent) / 1_000);
      stall.progressed();
    });
  }

  async function afterFailure(entry: LogEntry, error: unknown): Promise<void> {
    stall.failed(error);
    const { code } = classify(error);
    if (code === 'invalid-message') await setApart(entry, error);
    else if (code === 'broker-refused') await recordRefused(entry.position);
    else throw error;
  }

  async function afterRepeatedFailure(entry: LogEntry, error: unknown): Promise<boolean> {
    stall.failed(error);
    const { code } = classify(error);
    if (code === 'broker-refused' || code === 'unroutable') return false;
    if (code !== 'invalid-message') throw error;
    await setApart(entry, error);
    return true;
  }

  return {
    publish(entry) {
      try {
        return send(entry).catch((error: unknown) => afterFailure(entry, error));
      } catch (error) {
        return setApart(entry, error);
      }
    },
    publishAgain(entry) {
      try {
        return send(entry).then(
          () => true,
          (error: unknown) => afterRepeatedFailure(entry, error),
        );
      } catch (error) {
        return setApart(entry, error).then(() => true);
      }
    },
  };
}
