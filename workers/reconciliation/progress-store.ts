import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';
import type { StreamPosition } from '../../lib/inbox/store';

// Raw SQL: the log of a producer and the inbox of a consumer are read in pages, by their keys.

/** What is needed of an event to find out who should have processed it. */
export interface LogEvent extends StreamPosition {
  position: number;
  id: string;
  type: string;
  /** It is old enough that its consumers should have processed it. */
  isOld: boolean;
  /** It is older than the window. */
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

/** The id of the oldest event that a reaction has marked; ids are UUIDv7, so they sort by time. */
export async function selectFirstMark(db: Queryable, subscription: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select event_id as id from inbox_events where subscription = ${subscription} order by event_id limit 1`.execute(db);
  return rows[0]?.id;
}

/** Which of these events a reaction has neither processed nor skipped: no mark, no failure, no later erasure. */
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

/** Which of these positions have no event parked in the inbox. */
export async function withoutParked(
  db: Queryable,
  subscription: string,
  positions: readonly StreamPosition[],
): Promise<StreamPosition[]> {
  const { rows } = await sql<StreamPosition>`
    select p.stream, p.version
    from unnest(${positions.map(({ stream }) => stream)}::text[], ${positions.map(({ version }) => version)}::int[])
      as p (stream, version)
    where not exists (
      select from inbox_parked w
      where w.subscription = ${subscription} and w.stream = p.stream and w.version = p.version
    )`.execute(db);
  return rows;
}

/** Which of these positions the relay has published to all queues, with the event's position in the log. */
export async function selectPublishedPositions(
  db: Queryable,
  relay: string,
  positions: readonly StreamPosition[],
): Promise<(StreamPosition & { position: number })[]> {
  const { rows } = await sql<StreamPosition & { position: number }>`
    select e.stream, e.version, e.position
    from unnest(${positions.map(({ stream }) => stream)}::text[], ${positions.map(({ version }) => version)}::int[])
      as p (stream, version)
    join events e using (stream, version)
    join relays r on r.name = ${relay}
    where (e.xid, e.position) <= (r.cursor_xid, r.cursor_position)
      and not exists (select from relay_parked x where x.relay = r.name and x.position = e.position)
      and not exists (select from relay_refused x where x.relay = r.name and x.position = e.position)
    order by e.position`.execute(db);
  return rows;
}
