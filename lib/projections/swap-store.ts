import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import { liveTableOf } from './shadow-table-store';
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
export async function swapTables(db: Queryable, { schema, table }: TableRef): Promise<void> {
  await sql`select public.swap_shadow(${schema}, ${table})`.execute(db);
}
