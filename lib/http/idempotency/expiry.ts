import { every } from '../../async/every';
import { sleep } from '../../async/wait';
import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import { deleteExpired } from './store';

const dayMs = 86_400_000;
/** How long a repeated request gets the first one's response. */
const keysKeptMs = 7 * dayMs;
/** Keys deleted by one statement: few, so that it does not hold locks for long. */
const chunk = 5_000;
const pauseMs = 200;

export interface KeyExpiryOptions {
  db: Queryable;
  logger: Logger;
  clock: () => Date;
  keepMs?: number;
  everyMs?: number;
}

/** Deletes keys older than `keepMs`, every `everyMs`. */
export function createKeyExpiry({ db, logger, clock, keepMs = keysKeptMs, everyMs = 3_600_000 }: KeyExpiryOptions): {
  start(): void;
  stop(): Promise<void>;
} {
  let stop = (): void => undefined;
  let isStopped = false;

  async function expire(): Promise<void> {
    const before = new Date(clock().getTime() - keepMs);
    // A pause after each chunk, because the first run after an upgrade may find years of keys.
    while (!isStopped && (await deleteExpired(db, before, chunk)) === chunk) await sleep(pauseMs);
  }

  return {
    start: () => {
      stop = every(expire, { everyMs, name: 'expiry of idempotency keys', logger });
    },
    stop: () => {
      isStopped = true;
      stop();
      return Promise.resolve();
    },
  };
}
