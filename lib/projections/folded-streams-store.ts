import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import type { StreamPosition } from '../inbox/store';
import { foldedStreamsOf } from './shadow-table-store';
import type { TableRef } from './store';

// Raw SQL, as in shadow-table-store.ts.

/** The version to which each of these streams is folded. */
export async function selectFolded(
  db: Queryable,
  ref: TableRef,
  streams: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<StreamPosition>`
    select stream, version from ${foldedStreamsOf(ref)} where stream = any(${streams}::text[])`.execute(db);
  return new Map(rows.map(({ stream, version }) => [stream, version]));
}

export const foldedUpsert = (ref: TableRef, folded: readonly StreamPosition[]): Write => sql`
  insert into ${foldedStreamsOf(ref)} (stream, version)
  select * from unnest(
    ${folded.map(({ stream }) => stream)}::text[], ${folded.map(({ version }) => version)}::int[]
  )
  on conflict (stream) do update set version = excluded.version`;

/** Streams in which a subscription has applied more than is folded into the shadow table, at most `limit`. */
export async function selectBehind(
  db: Queryable,
  ref: TableRef,
  subscription: string,
  limit: number,
): Promise<{ stream: string; after: number; upTo: number }[]> {
  const { rows } = await sql<{ stream: string; after: number; upTo: number }>`
    select s.stream, coalesce(f.version, 0) as after, s.version as "upTo"
    from inbox_streams s left join ${foldedStreamsOf(ref)} f on f.stream = s.stream
    where s.subscription = ${subscription} and s.version > coalesce(f.version, 0)
    limit ${limit}`.execute(db);
  return rows;
}

/** Moves a subscription up to the versions of the shadow table, and deletes parked events up to them. */
export async function moveSubscription(db: Queryable, ref: TableRef, subscription: string): Promise<void> {
  await sql`
    insert into inbox_streams (subscription, stream, version)
    select ${subscription}, stream, version from ${foldedStreamsOf(ref)}
    on conflict (subscription, stream) do update
    set version = greatest(inbox_streams.version, excluded.version)`.execute(db);
  await sql`
    delete from inbox_parked p using ${foldedStreamsOf(ref)} f
    where p.subscription = ${subscription} and p.stream = f.stream and p.version <= f.version`.execute(db);
}
