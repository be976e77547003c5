import { sql } from 'kysely';
import { retryWithBackoff } from '../async/backoff';
import type { Queryable } from '../db/database';

/** About 20 s in all. */
const retrying = { backoff: { firstMs: 100, maxMs: 1_250 }, attempts: 20 };

/**
 * Runs a transaction that needs locks of others, again while it does not get them; between the attempts the others
 * have time for themselves.
 * @throws what PostgreSQL said when it has not got them in twenty attempts
 */
export const whenLocksAllow = <T>(run: () => Promise<T>): Promise<T> =>
  retryWithBackoff(run, { ...retrying, isRetryable: isLockFailure });

/** Limits how long a statement of this transaction waits for a lock: everything that comes after it waits as well. */
export async function limitLockWaits(db: Queryable, waitMs: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(waitMs)}, true)`.execute(db);
}

/** Lock not available, or a deadlock: another session reads or writes for longer than others may be held up. */
const isLockFailure = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(String((error as { code?: string }).code));
