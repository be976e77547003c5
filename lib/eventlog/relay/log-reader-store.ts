import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../../db/database';
import type { Cursor, RecordedEvent } from '../events';
import type { Lease } from './lease-store';

// Raw SQL: it must be one round trip, and keep its plan.

/** An event as a relay reads it: its data stays JSON text. */
export interface LogEntry extends RecordedEvent<string>, Cursor {}

/** What a relay learns from one read of the log. */
export interface LogReading {
  /** Whether this relay still holds the lease. */
  mine: boolean;
  paused: boolean;
  /** Committed events may not be read yet, because a transaction that began earlier is still open. */
  heldBack: boolean;
  entries: LogEntry[];
}

/**
 * The transaction number below which no open transaction can still add an event. `server`: considers the transactions
 * of all databases of the server, at no cost. `database`: only those of this database, so that a long transaction of
 * another service does not hold this log back; this reads the list of all sessions.
 */
export type Horizon = 'server' | 'database';

/**
 * An open transaction that belongs to no session of another database belongs to this one, or did until a moment ago.
 * Sessions are read after the snapshot was taken, so none of our own transactions can be mistaken for a foreign one.
 * This does not hold in an explicit transaction, where PostgreSQL shows the sessions as of an earlier statement.
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

/** When there is nothing to read, there is one row with only the two flags. */
type ReadingRow = (LogEntry | { id: null }) & Pick<LogReading, 'paused' | 'heldBack'>;

/**
 * The next entries in (xid, position) order, only of transactions below the snapshot's horizon: whatever commits later
 * has a higher transaction number, so no entry ever appears behind the cursor.
 * The cursor and the newest event are found by the index alone, so the cost does not grow with the log.
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
