import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import { selectBlocker } from './blocker-store';

/** A log that is held back for longer than this needs an operator. */
export const heldBackAlertSeconds = 30;

export interface HeldBackOptions {
  db: Queryable;
  exchange: string;
  logger: Logger;
  /** The age of the oldest held-back event from which on it is logged. */
  afterSeconds?: number;
  /** Between two log lines. */
  everyMs?: number;
}

/**
 * Creates a function that takes the age of the oldest held-back event, and logs once a minute which transaction holds
 * it back.
 */
export function createHeldBackAlert(options: HeldBackOptions): (oldestSeconds: number) => Promise<void> {
  const { db, exchange, logger, afterSeconds = heldBackAlertSeconds, everyMs = 60_000 } = options;
  let quietUntil = 0;
  return async (oldestSeconds) => {
    if (oldestSeconds < afterSeconds || performance.now() < quietUntil) return;
    quietUntil = performance.now() + everyMs;
    const blocker = await selectBlocker(db).catch(() => undefined); // No database: measured again soon.
    if (!blocker) {
      quietUntil = 0;
      return;
    }
    logger.warn(
      { relay: exchange, heldBackSeconds: Math.round(oldestSeconds), blocker },
      'events are held back by an open transaction; if it is not needed, end it with pg_terminate_backend(pid)',
    );
  };
}
