import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';
import type { StreamPosition } from '../../lib/inbox/store';

// Raw SQL: a producer's log and a consumer's inbox are read here as an auditor does, in pages, by their keys.

/** An event of a log, as far as it says who should have heard it. */
export interface LogEvent extends StreamPosition {
  position: number;
  id: string;
  type: string;
  /** It happened so long ago that whoever hears it should have dealt with it. */
  isOld: boolean;
  /** It happened before the window. */
  isBefore: boolean;
}

/** A page of a log from its end backwards: the events before a position, the newest first. */
export async function selectLogBackwards(
  db: Queryable,
  before: number | undefined,
  { behindMs, windowMs, limit }: { behindMs: number; windowMs: number; limit: number },
): Promise<LogEvent[]> {
  const { rows } = await sql<LogEvent>`
    select position, event_id as id, stream, version, type,
      time < now() - ${behindMs} * interval '1 millisecond' as "isOld",
      time < now() - ${windowMs} * interval '1 millisecond' as "isBefore"
    from events where position < coalesce(${before ?? null}::bigint, 9223372036854775807)
    order by position desc limit ${limit}`.execute(db);
  return rows;
}

/** The id of the oldest event that a reaction has marked: ids are UUIDv7, in the order of their time. */
export async function selectFirstMark(db: Queryable, subscription: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select event_id as id from inbox_events where subscription = ${subscription} order by event_id limit 1`.execute(db);
  return rows[0]?.id;
}

/** Of these events those that a reaction has neither dealt with nor set aside: no mark, no failure, no later erasure. */
export async function selectUnmarked(
  db: Queryable,
  subscription: string,
  events: readonly LogEvent[],
): Promise<StreamPosition[]> {
  const { rows } = await sql<StreamPosition>`
    select e.stream, e.version
    from unnest(
      ${events.map(({ id }) => id)}::text[], ${events.map(({ stream }) => stream)}::text[],
      ${events.map(({ version }) => version)}::int[]
    ) as e (id, stream, version)
    where not exists (select from inbox_events m where m.subscription = ${subscription} and m.event_id = e.id)
      and not exists (
        select from inbox_failed f where f.subscription = ${subscription} and f.stream = e.stream and f.event_id = e.id
      )
      and not exists (
        select from inbox_erased x
        where x.subscription = ${subscription} and x.stream = e.stream and x.version > e.version
      )
    order by e.stream, e.version`.execute(db);
  return rows;
}

/** Of these places those whose event does not wait in the inbox. */
export async function withoutParked(
  db: Queryable,
  subscription: string,
  places: readonly StreamPosition[],
): Promise<StreamPosition[]> {
  const { rows } = await sql<StreamPosition>`
    select p.stream, p.version
    from unnest(${places.map(({ stream }) => stream)}::text[], ${places.map(({ version }) => version)}::int[])
      as p (stream, version)
    where not exists (
      select from inbox_parked w
      where w.subscription = ${subscription} and w.stream = p.stream and w.version = p.version
    )`.execute(db);
  return rows;
}

/** Of these places those that the relay has published, to all queues; with the event's place in the log. */
export async function selectPublishedPlaces(
  db: Queryable,
  relay: string,
  places: readonly StreamPosition[],
): Promise<(StreamPosition & { position: number })[]> {
  const { rows } = await sql<StreamPosition & { position: number }>`
    select e.stream, e.version, e.position
    from unnest(${places.map(({ stream }) => stream)}::text[], ${places.map(({ version }) => version)}::int[])
      as p (stream, version)
    join events e using (stream, version)
    join relays r on r.name = ${relay}
    where (e.xid, e.position) <= (r.cursor_xid, r.cursor_position)
      and not exists (select from relay_parked x where x.relay = r.name and x.position = e.position)
      and not exists (select from relay_refused x where x.relay = r.name and x.position = e.position)
    order by e.position`.execute(db);
  return rows;
}
