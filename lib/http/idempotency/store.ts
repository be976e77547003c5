import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import type { IdempotentRequest } from './header';

// Raw SQL, because the table is in databases with different table types.

/**
 * Stores a response, in the transaction of its request.
 * @throws PostgreSQL's unique violation when the key is taken.
 */
export async function insertAnswer(
  db: Queryable,
  { actor, key, operation, requestHash }: IdempotentRequest,
  response: unknown,
): Promise<void> {
  await sql`
    insert into idempotency_keys (actor, key, operation, request_hash, response, created_at)
    values (${actor}, ${key}, ${operation}, ${requestHash}, ${JSON.stringify(response)}::json, clock_timestamp())`.execute(
    db,
  );
}

/** The response stored under a key, and its request; undefined for a new key. */
export async function selectAnswer(
  db: Queryable,
  { actor, key }: Pick<IdempotentRequest, 'actor' | 'key'>,
): Promise<{ operation: string; requestHash: string; response: unknown } | undefined> {
  const { rows } = await sql<{ operation: string; requestHash: string; response: unknown }>`
    select operation, request_hash as "requestHash", response from idempotency_keys
    where actor = ${actor} and key = ${key}`.execute(db);
  return rows[0];
}

/**
 * Erases the request hashes of responses that have this value in a field, such as the id of an erased person. A late
 * repetition is refused rather than carried out again.
 */
export async function eraseRequests(db: Queryable, field: string, value: string): Promise<void> {
  await sql`update idempotency_keys set request_hash = '' where response->>${field} = ${value}`.execute(db);
}

/** Deletes up to `limit` keys older than a time, and returns how many; skips keys that are locked. */
export async function deleteExpired(db: Queryable, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with expired as (
      select actor, key from idempotency_keys where created_at < ${before}
      order by created_at limit ${limit} for update skip locked
    ), gone as (
      delete from idempotency_keys k using expired where k.actor = expired.actor and k.key = expired.key returning 1
    )
    select count(*)::int as deleted from gone`.execute(db);
  return rows[0]?.deleted ?? 0;
}
