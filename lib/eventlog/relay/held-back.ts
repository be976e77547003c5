import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import { selectBlocker } from './blocker-store';

/** A log that is held back for longer is a fault that somebody should look at. */
export const heldBackAlarmSeconds = 30;

export interface HeldBackOptions {
  db: Queryable;
  exchange: string;
  logger: Logger;
  /** From this age on of the oldest event that is held back. */
  afterSeconds?: number;
  /** Between two log lines. */
  everyMs?: number;
}

/** Told the age of the oldest event that is held back; logs, once a minute, which transaction holds it. */
export function createHeldBackAlarm(options: HeldBackOptions): (oldestSeconds: number) => Promise<void> {
  const { db, exchange, logger, afterSeconds = heldBackAlarmSeconds, everyMs = 60_000 } = options;
  let quietUntil = 0;
  return async (oldestSeconds) => {
    if (oldestSeconds < afterSeconds || performance.now() < quietUntil) return;
    quietUntil = performance.now() + everyMs;
    const blocker = await selectBlocker(db).catch(() => undefined); // No database: it is measured again soon.
    if (!blocker) {
      quietUntil = 0;
      return;
    }
    logger.warn(
      { relay: exchange, heldBackSeconds: Math.round(oldestSeconds), blocker },
      'events are held back by an open transaction; end it with pg_terminate_backend(pid) if nobody needs it',
    );
  };
}
