import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../db/database';

// Raw SQL, because the table is in databases with different table types.

export interface StoredEffect {
  requestHash: string | null;
  state: 'done' | 'undone';
  result: unknown;
}

/**
 * Inserts a key; false when it is taken. While another transaction inserts the same key, this waits for it to end, so
 * that `selectEffect` sees its outcome afterwards.
 */
export async function insertEffect(
  db: Queryable,
  key: string,
  state: 'done' | 'undone',
  requestHash: string | null,
): Promise<boolean> {
  const { rows } = await sql`
    insert into effects (key, state, request_hash) values (${key}, ${state}, ${requestHash})
    on conflict do nothing
    returning key`.execute(db);
  return rows.length > 0;
}

/** Stores a done effect with its result, as a part of a larger statement; fails when the key is taken. */
export const effectInsert = (key: string, requestHash: string, result: unknown): RawBuilder<unknown> => sql`
  insert into effects (key, state, request_hash, result)
  values (${key}, 'done', ${requestHash}, ${JSON.stringify(result)}::jsonb)`;

export async function selectEffect(db: Queryable, key: string): Promise<StoredEffect | undefined> {
  const { rows } = await sql<StoredEffect>`
    select request_hash as "requestHash", state, result from effects where key = ${key}`.execute(db);
  return rows[0];
}

export async function saveResult(db: Queryable, key: string, result: unknown): Promise<void> {
  await sql`update effects set result = ${JSON.stringify(result)}::jsonb where key = ${key}`.execute(db);
}

/** Marks a done effect undone and returns its result; undefined when it was undone before. */
export async function markUndone(db: Queryable, key: string): Promise<{ result: unknown } | undefined> {
  const { rows } = await sql<{ result: unknown }>`
    update effects set state = 'undone', time = clock_timestamp()
    where key = ${key} and state = 'done'
    returning result`.execute(db);
  return rows[0];
}

/** When steps were carried out or undone; those that were never begun here are absent. */
export async function selectEffects(
  db: Queryable,
  keys: readonly string[],
): Promise<{ key: string; state: 'done' | 'undone'; at: Date }[]> {
  const { rows } = await sql<{ key: string; state: 'done' | 'undone'; at: Date }>`
    select key, state, time as at from effects where key = any(${[...keys]}::text[])`.execute(db);
  return rows;
}
