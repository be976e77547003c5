import { toMessage, type OutgoingMessage } from '../../events/envelope';
import { coalesce } from '../../async/coalesce';
import type { Queryable } from '../../db/database';
import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import type { LogEntry } from './log-reader-store';
import type { RelayMetrics } from './metrics';
import { keepRefused, parkEntry } from './refused-store';
import type { StallWatch } from './stall';

/** What a relay needs of a publisher. */
export interface RelayPublisher {
  /** Resolves when the broker has taken the message and routed it; rejects when that is not certain. */
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

/** Larger data is refused by brokers with their default settings, by closing the channel. */
const maxDataCharacters = 8 * 1024 * 1024;

/** How entries get to the broker. */
export interface EntryPublisher {
  /**
   * Resolves when the log can go on: every queue has the entry; or one refused it, which is noted, as a full queue must
   * not hold up the others; or no message can be made of it, and it is set aside, loudly.
   */
  publish(entry: LogEntry): Promise<void>;
  /**
   * Once more, for one that was refused: true when every queue has it, or it was set aside. False when it is refused
   * again, or no queue takes it by now: one entry must not stop what all the others need.
   */
  publishAgain(entry: LogEntry): Promise<boolean>;
}

export function createEntryPublisher(options: EntryPublisherOptions): EntryPublisher {
  const { db, exchange, source, publisher, logger, metrics, stall } = options;
  // A full queue refuses everything: notes of many entries are one statement.
  const noteRefused = coalesce(
    async (positions: number[]) => {
      await keepRefused(db, exchange, positions);
      return positions;
    },
    { max: 1_000, lanes: 1 },
  );

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

  function send(entry: LogEntry): Promise<void> {
    if (entry.data.length > maxDataCharacters) throw new Error(`The data has ${entry.data.length} characters`);
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
    if (code === 'invalid-message') await park(entry, error);
    else if (code === 'broker-refused') await noteRefused(entry.position);
    else throw error;
  }

  async function afterRepeatedFailure(entry: LogEntry, error: unknown): Promise<boolean> {
    stall.failed(error);
    const { code } = classify(error);
    if (code === 'broker-refused' || code === 'unroutable') return false;
    if (code !== 'invalid-message') throw error;
    await park(entry, error);
    return true;
  }

  return {
    publish(entry) {
      try {
        return send(entry).catch((error: unknown) => afterFailure(entry, error));
      } catch (error) {
        return park(entry, error);
      }
    },
    publishAgain(entry) {
      try {
        return send(entry).then(
          () => true,
          (error: unknown) => afterRepeatedFailure(entry, error),
        );
      } catch (error) {
        return park(entry, error).then(() => true);
      }
    },
  };
}
