import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../../db/database';
import type { Cursor } from '../cursor';
import type { RecordedEvent } from '../events';
import type { Lease } from './lease-store';

// Raw SQL: it must be one round trip, and keep its plan.

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
