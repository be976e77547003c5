import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import type { Write } from '../../db/writes';
import type { IdempotentRequest } from './header';

// Raw SQL, because the table is in databases with different table types.

/** An answer to be stored under the key of its request. */
export interface NewAnswer {
  request: IdempotentRequest;
  response: unknown;
}

/**
 * Inserts answers. For a writer that stores several at once with what they answer, in one statement of its own, and says
 * what happens when a key is taken: `on conflict …`.
 */
export function answersInsert(answers: readonly NewAnswer[]): Write {
  const rows = answers.map(({ request: { actor, key, operation, requestHash }, response }) => ({
    actor,
    key,
    operation,
    request_hash: requestHash,
    response,
  }));
  return sql`
    insert into idempotency_keys (actor, key, operation, request_hash, response, created_at)
    select actor, key, operation, request_hash, response, clock_timestamp()
    from json_populate_recordset(null::idempotency_keys, ${JSON.stringify(rows)}::json)`;
}

/** Stores an answer, in the transaction of what it answers. @throws PostgreSQL's unique violation when the key is taken. */
export async function insertAnswer(db: Queryable, request: IdempotentRequest, response: unknown): Promise<void> {
  await answersInsert([{ request, response }]).execute(db);
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
