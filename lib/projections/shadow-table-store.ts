import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import { rowsDelete, tableOf, type Place } from './store';
import type { StreamPlace } from './log-store';

// Raw SQL: data definition, on tables that are named at run time.

/** Where a projection's other table is: the one that is being filled, later the one that was read before. */
export const asideSchema = (projection: string): string => `aside_${projection.replaceAll('-', '_')}`;
/** Where a session keeps its temporary tables: they go with it, even when it is killed. */
export const sessionSchema = 'pg_temp';

const live = (place: Place): Place => ({ ...place, schema: 'public' });
const streamsIn = ({ schema }: Place) => sql.table(`${schema}.folded_streams`);

/** Makes an empty table like the one that is read, with its primary key, and the list of streams folded into it. */
export async function createTable(db: Queryable, place: Place): Promise<void> {
  const key = sql.join(place.key.map((column) => sql.ref(column)));
  await sql`create table ${tableOf(place)} (like ${tableOf(live(place))} including all excluding indexes)`.execute(db);
  await sql`
    alter table ${tableOf(place)} add constraint ${sql.id(`${place.table}_pkey`)} primary key (${key})`.execute(db);
  await sql`create table ${streamsIn(place)} (stream text primary key, version int not null)`.execute(db);
}

export async function dropTable(db: Queryable, place: Place): Promise<void> {
  await sql`drop table if exists ${tableOf(place)}, ${streamsIn(place)}`.execute(db);
}

/** Makes a schema for a table aside, in place of one that may be there. */
export async function createAside(db: Queryable, place: Place): Promise<void> {
  await dropAside(db, place.schema);
  await sql`create schema ${sql.id(place.schema)}`.execute(db);
  await createTable(db, place);
  await sql`
    create function ${sql.table(`${place.schema}.forget`)}() returns trigger language plpgsql as ${sql.lit(`begin
      delete from ${place.schema}.${place.table} where ${place.key.map((column) => `${column} = old.${column}`).join(' and ')};
      return null;
    end`)}`.execute(db);
  await forgetTogether(db, place);
}

/** From now on what is deleted from the live table is deleted aside as well: nobody erased comes back by going back. */
async function forgetTogether(db: Queryable, place: Place): Promise<void> {
  await sql`
    create trigger forget_aside after delete on ${tableOf(live(place))}
    for each row execute function ${sql.table(`${place.schema}.forget`)}()`.execute(db);
}

/** An event that takes a person out, and the row that told of them. */
export interface Erasure extends StreamPlace {
  key: object;
}

/**
 * Takes somebody out of the table aside, if there is one: their row goes, and with it how far their stream is folded, so
 * that it is folded again from its first event, out of a log that knows them no longer. What has seen the erasure stays.
 */
export async function forgetAside(db: Queryable, place: Place, { key, stream, version }: Erasure): Promise<void> {
  const { rows } = await sql<{ isThere: boolean }>`
    select to_regclass(${`${place.schema}.folded_streams`}) is not null as "isThere"`.execute(db);
  if (!rows[0]?.isThere) return;
  await sql`
    with unfolded as (delete from ${streamsIn(place)} where stream = ${stream} and version < ${version}),
    gone as (${rowsDelete(place, [key])}
      and not exists (select from ${streamsIn(place)} where stream = ${stream} and version >= ${version}))
    select`.execute(db);
}

export async function dropAside(db: Queryable, schema: string): Promise<void> {
  await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db);
}

/** Gives the table the indexes of the live one, by their names. Unique ones only when asked for: rows may pass each other. */
export async function createIndexes(db: Queryable, place: Place, { unique }: { unique: boolean }): Promise<void> {
  const { rows } = await sql<{ definition: string }>`
    select pg_get_indexdef(i.indexrelid) as definition
    from pg_index i
    where i.indrelid = ${`public.${place.table}`}::regclass and not i.indisprimary and i.indisunique = ${unique}
      and not exists (
        select from pg_class theirs join pg_class ours on ours.relname = theirs.relname
        where theirs.oid = i.indexrelid and ours.relnamespace = ${place.schema}::regnamespace
      )`.execute(db);
  for (const { definition } of rows) {
    await sql.raw(definition.replace(` ON public.${place.table} `, ` ON ${place.schema}.${place.table} `)).execute(db);
  }
}

/** Tells the planner what is in the table, before anybody reads it. */
export async function analyzeTable(db: Queryable, place: Place): Promise<void> {
  await sql`analyze ${tableOf(place)}`.execute(db);
}

/** How far each of these streams is folded. */
export async function selectFolded(
  db: Queryable,
  place: Place,
  streams: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<StreamPlace>`
    select stream, version from ${streamsIn(place)} where stream = any(${streams}::text[])`.execute(db);
  return new Map(rows.map(({ stream, version }) => [stream, version]));
}

export const foldedUpsert = (place: Place, folded: readonly StreamPlace[]): Write => sql`
  insert into ${streamsIn(place)} (stream, version)
  select * from unnest(
    ${folded.map(({ stream }) => stream)}::text[], ${folded.map(({ version }) => version)}::int[]
  )
  on conflict (stream) do update set version = excluded.version`;

/** The streams in which a subscription has applied more than is folded aside, `limit` of them. */
export async function selectBehind(
  db: Queryable,
  place: Place,
  subscription: string,
  limit: number,
): Promise<{ stream: string; after: number; upTo: number }[]> {
  const { rows } = await sql<{ stream: string; after: number; upTo: number }>`
    select s.stream, coalesce(f.version, 0) as after, s.version as "upTo"
    from inbox_streams s left join ${streamsIn(place)} f on f.stream = s.stream
    where s.subscription = ${subscription} and s.version > coalesce(f.version, 0)
    limit ${limit}`.execute(db);
  return rows;
}

/** Has a subscription go on where the table aside is: what waited for less is forgotten. */
export async function moveSubscription(db: Queryable, place: Place, subscription: string): Promise<void> {
  await sql`
    insert into inbox_streams (subscription, stream, version)
    select ${subscription}, stream, version from ${streamsIn(place)}
    on conflict (subscription, stream) do update
    set version = greatest(inbox_streams.version, excluded.version)`.execute(db);
  await sql`
    delete from inbox_parked p using ${streamsIn(place)} f
    where p.subscription = ${subscription} and p.stream = f.stream and p.version <= f.version`.execute(db);
}

/** Nobody writes the live table, or moves a subscription, until the transaction ends; it is read as ever. */
export async function holdWriters(db: Queryable, place: Place, subscription: string | undefined): Promise<void> {
  await sql`set local lock_timeout = '2s'`.execute(db);
  if (subscription !== undefined) await sql`lock table inbox_streams in exclusive mode`.execute(db);
  await sql`lock table ${tableOf(live(place))} in exclusive mode`.execute(db);
}

/** The table aside becomes the one that is read, and the other way round. */
export async function exchangeTables(db: Queryable, place: Place): Promise<void> {
  const between = `${place.schema}_between`;
  await sql`drop trigger if exists forget_aside on ${tableOf(live(place))}`.execute(db);
  await sql`create schema ${sql.id(between)}`.execute(db);
  await sql`alter table ${tableOf(live(place))} set schema ${sql.id(between)}`.execute(db);
  await sql`alter table ${tableOf(place)} set schema public`.execute(db);
  await sql`
    alter table ${tableOf({ ...place, schema: between })} set schema ${sql.id(place.schema)}`.execute(db);
  await sql`drop schema ${sql.id(between)}`.execute(db);
  await dropUniqueIndexes(db, place);
  await forgetTogether(db, place);
}

/** While a table aside follows its events, rows may have each other's values for a moment. */
async function dropUniqueIndexes(db: Queryable, place: Place): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = ${`${place.schema}.${place.table}`}::regclass and i.indisunique and not i.indisprimary`.execute(
    db,
  );
  for (const { name } of rows) await sql`drop index ${sql.table(`${place.schema}.${name}`)}`.execute(db);
}
