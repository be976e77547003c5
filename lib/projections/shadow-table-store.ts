import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import type { StreamPosition } from '../inbox/store';
import { rowsDelete, tableOf, type TableRef } from './store';

// Raw SQL: data definition, on tables that are named at run time.

/**
 * The schema of a projection's shadow table: first the table that is being built, after the swap the previous one. The
 * prefix is stored.
 */
export const shadowSchema = (projection: string): string => `aside_${projection.replaceAll('-', '_')}`;
/** The schema of a session's temporary tables, which are dropped with the session, even when it is killed. */
export const sessionSchema = 'pg_temp';

/** The table that is read. */
export const liveTableOf = (ref: TableRef): TableRef => ({ ...ref, schema: 'public' });
/** The list of streams folded into a shadow table, with their versions. */
export const foldedStreamsOf = ({ schema }: TableRef) => sql.table(`${schema}.folded_streams`);

/** Creates an empty temporary copy of the live table, with its primary key, and the list of streams folded into it. */
export async function createTable(db: Queryable, ref: TableRef): Promise<void> {
  const key = sql.join(ref.key.map((column) => sql.ref(column)));
  await sql`create table ${tableOf(ref)} (like ${tableOf(liveTableOf(ref))} including all excluding indexes)`.execute(
    db,
  );
  await sql`
    alter table ${tableOf(ref)} add constraint ${sql.id(`${ref.table}_pkey`)} primary key (${key})`.execute(db);
  await sql`create table ${foldedStreamsOf(ref)} (stream text primary key, version int not null)`.execute(db);
}

export async function dropTable(db: Queryable, ref: TableRef): Promise<void> {
  await sql`drop table if exists ${tableOf(ref)}, ${foldedStreamsOf(ref)}`.execute(db);
}

/**
 * Creates a shadow table in a schema of its own, replacing one that may be there. Like all that changes tables it runs
 * as their owner, in a function (shadow-functions.ts). From now on deletes from the live table also delete from the
 * shadow table, so that swapping back restores no erased person.
 */
export async function createShadowTable(db: Queryable, { schema, table, key }: TableRef): Promise<void> {
  await sql`select public.create_shadow(${schema}, ${table}, ${key}::text[])`.execute(db);
  await sql`select public.mirror_deletes(${schema}, ${table})`.execute(db);
}

/** An event that erases a person's data, and the key of the row with it. */
export interface Erasure extends StreamPosition {
  key: object;
}

/**
 * Erases a person from the shadow table, if there is one: deletes the row and the version to which its stream is
 * folded, so that the stream is folded again from its first event, whose data the log no longer has. A row that was
 * folded after the erasure stays.
 */
export async function eraseFromShadow(db: Queryable, ref: TableRef, { key, stream, version }: Erasure): Promise<void> {
  const { rows } = await sql<{ isThere: boolean }>`
    select to_regclass(${`${ref.schema}.folded_streams`}) is not null as "isThere"`.execute(db);
  if (!rows[0]?.isThere) return;
  await sql`
    with unfolded as (delete from ${foldedStreamsOf(ref)} where stream = ${stream} and version < ${version}),
    gone as (${rowsDelete(ref, [key])}
      and not exists (select from ${foldedStreamsOf(ref)} where stream = ${stream} and version >= ${version}))
    select`.execute(db);
}

/** Creates the live table's indexes on the shadow table, the unique ones or the others. */
export async function createIndexes(
  db: Queryable,
  { schema, table }: TableRef,
  { unique }: { unique: boolean },
): Promise<void> {
  await sql`select public.index_shadow(${schema}, ${table}, ${unique})`.execute(db);
}

/** Updates the planner's statistics before the table is read. */
export async function analyzeTable(db: Queryable, { schema, table }: TableRef): Promise<void> {
  await sql`select public.analyze_shadow(${schema}, ${table})`.execute(db);
}
