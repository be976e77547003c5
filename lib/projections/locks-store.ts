import { sql } from 'kysely';
import { retryWithBackoff } from '../async/backoff';
import type { Queryable } from '../db/database';

/** About 20 s in all. */
const retrying = { backoff: { firstMs: 100, maxMs: 1_250 }, attempts: 20 };

/**
 * Runs a transaction that needs contended locks, and retries it when it does not get them, so that other sessions
 * proceed between the attempts.
 * @throws PostgreSQL's error of the twentieth attempt
 */
export const retryLockFailures = <T>(run: () => Promise<T>): Promise<T> =>
  retryWithBackoff(run, { ...retrying, isRetryable: isLockFailure });

/**
 * Limits how long a statement of this transaction waits for a lock, because later statements of others queue behind it.
 */
export async function limitLockWaits(db: Queryable, waitMs: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(waitMs)}, true)`.execute(db);
}

/** Lock not available, or a deadlock. */
const isLockFailure = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(String((error as { code?: string }).code));
