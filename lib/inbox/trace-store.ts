import { sql } from 'kysely';
import type { Queryable } from '../db/database';

// Raw SQL, as in store.ts.

/** What a subscription has done with the events of some streams. */
export interface Consumed {
  /** Of an ordered subscription: the version up to which it has applied each stream. */
  streams: { stream: string; version: number }[];
  /** Of the others: the events that it has processed. */
  processed: { id: string; at: Date }[];
  /** Why it waits with an event. */
  parked: { id: string; at: Date; reason: string }[];
  /** Those that it failed to process. */
  failed: { id: string; at: Date }[];
}

/** In one round trip; every part is found by its primary key. */
export async function selectConsumed(
  db: Queryable,
  subscription: string,
  { streams, ids }: { streams: readonly string[]; ids: readonly string[] },
): Promise<Consumed> {
  const { rows } = await sql<{
    part: keyof Consumed;
    id: string;
    at: Date;
    version: number;
    reason: string;
  }>`
    select 'streams' as part, stream as id, null::timestamptz as at, version, null as reason from inbox_streams
    where subscription = ${subscription} and stream = any(${[...streams]}::text[])
    union all
    select 'processed', event_id, time, 0, null from inbox_events
    where subscription = ${subscription} and event_id = any(${[...ids]}::text[])
    union all
    select 'parked', event_id, parked_at, version, reason from inbox_parked
    where subscription = ${subscription} and stream = any(${[...streams]}::text[])
    union all
    select 'failed', event_id, time, version, null from inbox_failed
    where subscription = ${subscription} and stream = any(${[...streams]}::text[])`.execute(db);
  const of = (part: keyof Consumed) => rows.filter((row) => row.part === part);
  return {
    streams: of('streams').map(({ id: stream, version }) => ({ stream, version })),
    processed: of('processed').map(({ id, at }) => ({ id, at })),
    parked: of('parked').map(({ id, at, reason }) => ({ id, at, reason })),
    failed: of('failed').map(({ id, at }) => ({ id, at })),
  };
}
