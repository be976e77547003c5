import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import { liveTableOf, mirrorDeletes } from './shadow-table-store';
import { tableOf, type TableRef } from './store';

// Raw SQL: data definition, on tables that are named at run time.

/**
 * Blocks writes to the live table, and to the versions of subscriptions, until the transaction ends; reads continue.
 */
export async function lockWriters(db: Queryable, ref: TableRef, subscription: string | undefined): Promise<void> {
  await sql`set local lock_timeout = '2s'`.execute(db);
  if (subscription !== undefined) await sql`lock table inbox_streams in exclusive mode`.execute(db);
  await sql`lock table ${tableOf(liveTableOf(ref))} in exclusive mode`.execute(db);
}

/** Swaps the shadow table and the live table. */
export async function swapTables(db: Queryable, ref: TableRef): Promise<void> {
  const between = `${ref.schema}_between`;
  await sql`drop trigger if exists forget_aside on ${tableOf(liveTableOf(ref))}`.execute(db);
  await sql`create schema ${sql.id(between)}`.execute(db);
  await sql`alter table ${tableOf(liveTableOf(ref))} set schema ${sql.id(between)}`.execute(db);
  await sql`alter table ${tableOf(ref)} set schema public`.execute(db);
  await sql`
    alter table ${tableOf({ ...ref, schema: between })} set schema ${sql.id(ref.schema)}`.execute(db);
  await sql`drop schema ${sql.id(between)}`.execute(db);
  await dropUniqueIndexes(db, ref);
  await mirrorDeletes(db, ref);
}

/** While a shadow table follows its events, two rows may briefly have the same unique value. */
async function dropUniqueIndexes(db: Queryable, ref: TableRef): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = ${`${ref.schema}.${ref.table}`}::regclass and i.indisunique and not i.indisprimary`.execute(db);
  for (const { name } of rows) await sql`drop index ${sql.table(`${ref.schema}.${name}`)}`.execute(db);
}
