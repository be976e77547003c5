import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../db/database';

// Raw SQL, because effects are kept in transactions of many different table types.

export interface StoredEffect {
  requestHash: string | null;
  state: 'done' | 'undone';
  result: unknown;
}

/**
 * Takes a key that nobody has taken; false when somebody has. When another transaction is just taking it, this waits
 * for that one to end, so afterwards `selectEffect` sees how it ended.
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

/** The statement that keeps a done effect with its result, as a part of a bigger one; a key that is taken breaks it. */
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

/** Marks a done effect undone and gives it back; undefined when it is undone already. */
export async function markUndone(db: Queryable, key: string): Promise<{ result: unknown } | undefined> {
  const { rows } = await sql<{ result: unknown }>`
    update effects set state = 'undone', time = clock_timestamp()
    where key = ${key} and state = 'done'
    returning result`.execute(db);
  return rows[0];
}
