import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import { deleteExpired } from './store';

const dayMs = 86_400_000;
/** How long a repeated request gets the first one's answer. Clients that retry for longer need a new key. */
export const keysKeptMs = 7 * dayMs;
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
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopping = false;

  async function expire(): Promise<void> {
    const before = new Date(clock().getTime() - keepMs);
    let deleted = chunk;
    while (deleted === chunk && !isStopping) deleted = await deleteExpired(db, before, chunk);
  }

  function run(): void {
    running = running.then(expire).catch((error: unknown) => {
      // The keys stay until the next run; nothing depends on their deletion.
      logger.warn({ error }, 'expired idempotency keys could not be deleted');
    });
  }

  return {
    start: () => {
      run();
      timer = setInterval(run, everyMs);
    },
    stop: async () => {
      isStopping = true;
      clearInterval(timer);
      await running;
    },
  };
}
