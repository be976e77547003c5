import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../../db/database';
import type { RecordedEvent } from '../events';
import type { Cursor } from './prefix';
import { channels } from '../wake';

// Raw SQL: each of these must be one round trip, and the one that reads must keep its plan.

/** The right to publish one log, held by one relay until it expires. Every new holder gets a higher fence. */
export interface Lease {
  name: string;
  owner: string;
  fence: number;
}

/** An event as a relay hands it on: the data stays the text it is. */
export interface LogEntry extends RecordedEvent<string>, Cursor {}

/** What a relay learns at once when it reads. */
export interface LogReading {
  /** The lease is still its own. */
  mine: boolean;
  paused: boolean;
  /** Events are committed that may not be read yet: a transaction that began earlier is still open. */
  heldBack: boolean;
  entries: LogEntry[];
}

/** Makes the relay's row, once ever. */
export async function insertRelay(db: Queryable, name: string): Promise<void> {
  await sql`insert into relays (name) values (${name}) on conflict do nothing`.execute(db);
}

/** Takes a lease that nobody holds, with the cursor where its last holder left it. */
export async function takeLease(
  db: Queryable,
  name: string,
  owner: string,
  leaseMs: number,
): Promise<{ lease: Lease; start: Cursor } | undefined> {
  const { rows } = await sql<Cursor & { fence: number }>`
    update relays
    set owner = ${owner}, fence = fence + 1, expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where name = ${name} and expires_at <= clock_timestamp()
    returning fence, cursor_xid as xid, cursor_position as position`.execute(db);
  const [taken] = rows;
  return taken && { lease: { name, owner, fence: taken.fence }, start: taken };
}

/** Moves the cursor and extends the lease; false when the lease is another's by now. */
export async function saveCursor(db: Queryable, lease: Lease, cursor: Cursor, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`
    update relays
    set cursor_xid = ${cursor.xid}::xid8, cursor_position = ${cursor.position},
      expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where name = ${lease.name} and owner = ${lease.owner} and fence = ${lease.fence}
    returning fence`.execute(db);
  return rows.length > 0;
}

/** Moves the cursor a last time and ends the lease; relays that wait for it are told. Another's lease is left alone. */
export async function giveLeaseBack(db: Queryable, lease: Lease, cursor: Cursor): Promise<void> {
  await sql`
    update relays
    set cursor_xid = ${cursor.xid}::xid8, cursor_position = ${cursor.position}, expires_at = '-infinity'
    where name = ${lease.name} and owner = ${lease.owner} and fence = ${lease.fence}
    returning pg_notify(${channels.relays}, '')`.execute(db);
}

/**
 * Below which no open transaction can still add an event. `server`: of no database of the server one is open, which costs
 * nothing to know. `database`: of this one. What a transaction elsewhere commits is not in this log, so that one that is
 * open for long, in a slow service, must not hold this log back; but the list of all sessions is read to know it.
 */
export type Horizon = 'server' | 'database';

/**
 * A transaction that no session of another database has is one of this database, or was, until a moment ago. It was open
 * in the snapshot, and sessions are looked at after that was taken: so none that is taken for another's can be ours. In
 * an explicit transaction it would not hold: there PostgreSQL shows the sessions of an earlier statement.
 */
export const horizons: Record<Horizon, RawBuilder<string>> = {
  server: sql`pg_snapshot_xmin(pg_current_snapshot())`,
  database: sql`coalesce((
    select open.xid from pg_snapshot_xip(pg_current_snapshot()) as open (xid)
    where not exists (
      select from pg_stat_activity a where a.backend_xid = open.xid::xid and a.datname <> current_database()
    )
    order by open.xid limit 1
  ), pg_snapshot_xmax(pg_current_snapshot()))`,
};

/** When there is nothing to read, one row comes with nothing but the two flags. */
type ReadingRow = (LogEntry | { id: null }) & Pick<LogReading, 'paused' | 'heldBack'>;

/**
 * The next entries in (xid, position) order, only those of transactions below the snapshot's horizon: anything that is
 * committed later has a higher transaction number, so no entry ever appears behind the cursor.
 * The index alone leads to the cursor and to the newest event, so the cost does not grow with the log.
 */
export const nextEntries = (
  lease: Lease,
  after: Cursor,
  limit: number,
  horizon: Horizon = 'server',
): RawBuilder<ReadingRow> => sql`
  select paused, coalesce(held_back, false) as "heldBack", entry.*
  from relays
  left join lateral (
    select xid >= ${horizons[horizon]} as held_back
    from events order by xid desc, position desc limit 1
  ) as newest on true
  left join lateral (
    select xid, position, event_id as id, stream, version, type, data_version as "dataVersion",
      data::text as data, metadata, time
    from events
    where (xid, position) > (${after.xid}::xid8, ${after.position}::bigint)
      and xid < ${horizons[horizon]}
      and not relays.paused
    order by xid, position
    limit ${limit}
  ) as entry on true
  where name = ${lease.name} and owner = ${lease.owner} and fence = ${lease.fence}
  order by entry.xid, entry.position`;

/** Reads the log beyond a cursor. */
export async function readLog(
  db: Queryable,
  lease: Lease,
  after: Cursor,
  limit: number,
  horizon?: Horizon,
): Promise<LogReading> {
  const { rows } = await nextEntries(lease, after, limit, horizon).execute(db);
  const [first] = rows;
  if (!first) return { mine: false, paused: false, heldBack: false, entries: [] };
  const { paused, heldBack } = first;
  return { mine: true, paused, heldBack, entries: first.id === null ? [] : (rows as LogEntry[]) };
}

/** Sets an entry aside that can't be made into a message; again is as good as once. */
export async function parkEntry(db: Queryable, relay: string, entry: LogEntry, reason: string): Promise<void> {
  await sql`
    insert into relay_parked (relay, position, event_id, reason)
    values (${relay}, ${entry.position}, ${entry.id}, ${reason})
    on conflict do nothing`.execute(db);
}

/** Notes entries that a queue refused; again is as good as once. */
export async function keepRefused(db: Queryable, relay: string, positions: readonly number[]): Promise<void> {
  await sql`
    insert into relay_refused (relay, position) select ${relay}, unnest(${positions}::bigint[])
    on conflict do nothing`.execute(db);
}

export async function forgetRefused(db: Queryable, relay: string, positions: readonly number[]): Promise<void> {
  await sql`
    delete from relay_refused where relay = ${relay} and position = any(${positions}::bigint[])`.execute(db);
}

/** Puts off entries that were refused again: twice as long each time, at most so long. */
export async function putOffRefused(
  db: Queryable,
  relay: string,
  positions: readonly number[],
  [first, most]: readonly [first: number, most: number],
): Promise<void> {
  await sql`
    update relay_refused
    set tries = tries + 1,
      next_at = now() + least(${first} * power(2, least(tries, 20)), ${most}) * interval '1 millisecond'
    where relay = ${relay} and position = any(${positions}::bigint[])`.execute(db);
}

/** The refused entries that are due, the longest due first; none while the relay is paused, or another's. */
export async function selectRefused(db: Queryable, lease: Lease, limit: number): Promise<LogEntry[]> {
  const { rows } = await sql<LogEntry>`
    select e.xid, e.position, e.event_id as id, e.stream, e.version, e.type, e.data_version as "dataVersion",
      e.data::text as data, e.metadata, e.time
    from relays l
    cross join lateral (
      select position, next_at from relay_refused
      where relay = l.name and next_at <= clock_timestamp()
      order by next_at, position limit ${limit}
    ) as refused
    join events e on e.position = refused.position
    where l.name = ${lease.name} and l.owner = ${lease.owner} and l.fence = ${lease.fence} and not l.paused
    order by refused.next_at, e.position`.execute(db);
  return rows;
}

/** What waits in a log: ages in seconds, 0 when there is no such event; and how many were refused. */
export interface LogAges {
  /** Of the oldest event that some queue does not have: behind the cursor, or refused. */
  oldestUnpublished: number;
  oldestHeldBack: number;
  oldestRefused: number;
  refused: number;
  /** By an operator. */
  paused: boolean;
}

/** How long the oldest events wait: to be published, below the horizon, and for a queue that refused them. */
export async function measureLog(db: Queryable, name: string): Promise<LogAges | undefined> {
  const { rows } = await sql<LogAges>`
    with refused as (
      select coalesce((
        select greatest(extract(epoch from clock_timestamp() - e.time), 0)::float8
        from relay_refused r join events e using (position)
        where r.relay = ${name} order by r.position limit 1
      ), 0) as age
    )
    select
      greatest(refused.age, coalesce((
        select extract(epoch from clock_timestamp() - time)::float8 from events
        where (xid, position) > (cursor_xid, cursor_position) order by xid, position limit 1
      ), 0)) as "oldestUnpublished",
      coalesce((
        select greatest(extract(epoch from clock_timestamp() - time), 0)::float8 from events
        where xid >= ${horizons.database} order by xid, position limit 1
      ), 0) as "oldestHeldBack",
      refused.age as "oldestRefused",
      (select count(*)::int from relay_refused where relay = ${name}) as refused,
      paused
    from relays, refused where name = ${name}`.execute(db);
  return rows[0];
}
