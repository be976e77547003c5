import { sql } from 'kysely';
import type { Envelope } from '../events/envelope';
import type { Queryable } from '../db/database';
import { lockTimeoutOf } from './processing/handle';

// Raw SQL: each of these is one round trip for a whole batch of events, whatever tables the service has.

/**
 * Why an event is parked: its predecessor has not been applied, this code does not know its version, or an earlier
 * event of its stream has failed.
 */
export type ParkReason = 'early' | 'unknown-event-version' | 'behind-a-failure';

/** A version of a stream, such as the last that a projection has applied. */
export interface StreamPosition {
  stream: string;
  version: number;
}

/** Takes effect from the next statement of the transaction; part of the first one, to save a round trip. */
const limitStatements = (timeoutMs: number) => sql`
  set_config('statement_timeout', ${String(timeoutMs)}, true),
  set_config('lock_timeout', ${String(lockTimeoutOf(timeoutMs))}, true)`;

/**
 * Locks the streams for this transaction, always sorted to avoid deadlocks, and returns how far each is.
 * After that no statement of the transaction takes longer than `timeoutMs`, and waits for locks are shorter still.
 */
export async function lockStreams(
  db: Queryable,
  subscription: string,
  streams: string[],
  timeoutMs: number,
): Promise<StreamPosition[]> {
  const { rows } = await sql<StreamPosition>`
    insert into inbox_streams (subscription, stream, version)
    select ${subscription}, stream, 0 from unnest(${[...streams].sort()}::text[]) as stream
    on conflict (subscription, stream) do update set version = inbox_streams.version
    returning stream, version, ${limitStatements(timeoutMs)}`.execute(db);
  return rows.map(({ stream, version }) => ({ stream, version }));
}

/**
 * Saves the new versions of locked streams, and deletes parked events up to them. Returns what has become due: of each
 * stream the parked events that follow without a gap, at most a hundred. It must be a statement after `lockStreams`, to
 * see what another consumer parked before it released the stream.
 */
export async function saveStreams(
  db: Queryable,
  subscription: string,
  positions: readonly StreamPosition[],
): Promise<Envelope[]> {
  const streams = positions.map(({ stream }) => stream);
  const versions = positions.map(({ version }) => version);
  const { rows } = await sql<StoredEvent>`
    with reached as (select * from unnest(${streams}::text[], ${versions}::int[]) as reached (stream, version)),
    moved as (
      update inbox_streams s set version = reached.version from reached
      where s.subscription = ${subscription} and s.stream = reached.stream and s.version < reached.version
    ),
    passed as (
      delete from inbox_parked p using reached
      where p.subscription = ${subscription} and p.stream = reached.stream and p.version <= reached.version
    ),
    waiting as (
      select p.event, p.stream, p.version,
        p.version - reached.version - row_number() over (partition by p.stream order by p.version) as gap
      from reached join inbox_parked p on p.stream = reached.stream
      where p.subscription = ${subscription} and p.reason = 'early'
        and p.version > reached.version and p.version <= reached.version + 100
    )
    select event from waiting where gap = 0 order by stream, version`.execute(db);
  return rows.map(restore);
}

/**
 * Parks events; idempotent. Returns the ids of those that are parked now; for one that is missing, another event has
 * its position in the stream.
 */
export async function parkEvents(
  db: Queryable,
  subscription: string,
  events: readonly Envelope[],
  reason: ParkReason,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    insert into inbox_parked (subscription, stream, version, event_id, event, reason)
    select distinct on (stream, version) ${subscription}, stream, version, id, event, ${reason}
    from unnest(
      ${events.map(({ stream }) => stream)}::text[], ${events.map(({ version }) => version)}::int[],
      ${events.map(({ id }) => id)}::text[], ${events.map((event) => JSON.stringify(event))}::json[]
    ) as parked (stream, version, id, event)
    on conflict (subscription, stream, version) do update set reason = excluded.reason
    where inbox_parked.event_id = excluded.event_id
    returning event_id as id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Parked events that are due but that no later event will release: in each stream the one after the last applied, and
 * those of reactions. They occur after a crash, and after a deploy of code that knows their version.
 */
export async function selectStranded(db: Queryable, subscription: string): Promise<Envelope[]> {
  const { rows } = await sql<StoredEvent>`
    select p.event
    from inbox_parked p left join inbox_streams s on s.subscription = p.subscription and s.stream = p.stream
    where p.subscription = ${subscription} and p.version = coalesce(s.version + 1, p.version)
    order by p.parked_at`.execute(db);
  return rows.map(restore);
}

/** How many events are parked. */
export async function countParked(db: Queryable, subscription: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from inbox_parked where subscription = ${subscription}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Deletes one parked event. */
export async function unpark(db: Queryable, subscription: string, { stream, version }: StreamPosition): Promise<void> {
  await sql`
    delete from inbox_parked
    where subscription = ${subscription} and stream = ${stream} and version = ${version}`.execute(db);
}

/**
 * Marks events as processed, and returns those that were not. In a transaction it limits statements as `lockStreams`
 * does.
 */
export async function markEvents(
  db: Queryable,
  subscription: string,
  ids: string[],
  timeoutMs: number,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    insert into inbox_events (subscription, event_id)
    select ${subscription}, id from unnest(${[...ids].sort()}::text[]) as id
    on conflict do nothing
    returning event_id as id, ${limitStatements(timeoutMs)}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** An event as it is stored: its time is a string. */
export interface StoredEvent {
  event: Omit<Envelope, 'time'> & { time: string };
}

export const restore = ({ event }: StoredEvent): Envelope => ({ ...event, time: new Date(event.time) });
