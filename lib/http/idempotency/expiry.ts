import { every } from '../../async/every';
import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import { deleteExpired } from './store';

const dayMs = 86_400_000;
/** How long a repeated request gets the first one's answer. */
const keysKeptMs = 7 * dayMs;
/** Keys of one statement, so that none holds locks for long. */
const chunk = 5_000;

export interface KeyExpiryOptions {
  db: Queryable;
  logger: Logger;
  clock: () => Date;
  keepMs?: number;
  everyMs?: number;
}

/** Deletes keys that are older than `keepMs`, now and then, for as long as the process runs. */
export function createKeyExpiry({ db, logger, clock, keepMs = keysKeptMs, everyMs = 3_600_000 }: KeyExpiryOptions): {
  start(): void;
  stop(): Promise<void>;
} {
  let stop = (): void => undefined;

  async function expire(): Promise<void> {
    const before = new Date(clock().getTime() - keepMs);
    while ((await deleteExpired(db, before, chunk)) === chunk);
  }

  return {
    start: () => {
      stop = every(expire, { everyMs, name: 'expiry of idempotency keys', logger });
    },
    stop: () => {
      stop();
      return Promise.resolve();
    },
  };
}
