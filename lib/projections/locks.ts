import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable } from '../db/database';

const attempts = 20;

/**
 * Runs a transaction that needs locks of others, again and again while it does not get them; each time the others have
 * a moment for themselves. @throws what PostgreSQL said when it has not got them twenty times.
 */
export async function whenLocksAllow<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isLockTrouble(error) || attempt === attempts) throw error;
      await sleep(100 * attempt);
    }
  }
}

/** So long a statement of this transaction waits for a lock at most: whoever comes after it waits as well. */
export async function limitLockWaits(db: Queryable, waitMs: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(waitMs)}, true)`.execute(db);
}

/** Lock not available, or a deadlock: somebody reads or writes for longer than we are willing to hold up others. */
const isLockTrouble = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(String((error as { code?: string }).code));
