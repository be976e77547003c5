import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import { horizons } from './log-reader-store';

// Raw SQL: PostgreSQL's own views.

/** The oldest open transaction of a log's database: until it ends, events committed after its start are held back. */
export interface Blocker {
  /** The process of the session; absent for a prepared transaction, which has none. */
  pid?: number;
  /** The session's `application_name`; empty when it has none. */
  application: string;
  user: string;
  /** As in `pg_stat_activity`, `prepared`, or `hidden`. */
  state: string;
  /** How long its transaction and its current or last query have been running; absent where PostgreSQL hides them. */
  transactionSeconds?: number;
  querySeconds?: number;
}

interface BlockerRow {
  pid: number | null;
  application: string | null;
  user: string | null;
  state: string | null;
  transactionSeconds: number | null;
  querySeconds: number | null;
}

/**
 * The transaction that holds a log back; undefined when none does now. Without an open transaction the horizon is the
 * next number, which a transaction of another database may have received meanwhile, so the query compares the database
 * as well. PostgreSQL shows pid and application of other users' sessions to everyone, but state and times only to
 * members of `pg_read_all_stats` (or of that user).
 */
export async function selectBlocker(db: Queryable): Promise<Blocker | undefined> {
  const { rows } = await sql<BlockerRow>`
    with blocking as (select ${horizons.database}::xid as xid)
    select a.pid, a.application_name as application, a.usename::text as user, coalesce(a.state, 'hidden') as state,
      extract(epoch from clock_timestamp() - a.xact_start)::float8 as "transactionSeconds",
      extract(epoch from clock_timestamp() - a.query_start)::float8 as "querySeconds"
    from blocking join pg_stat_activity a on a.backend_xid = blocking.xid and a.datname = current_database()
    union all
    select null, 'prepared transaction ' || p.gid, p.owner::text, 'prepared',
      extract(epoch from clock_timestamp() - p.prepared)::float8, null
    from blocking join pg_prepared_xacts p on p.transaction = blocking.xid and p.database = current_database()
    limit 1`.execute(db);
  const [row] = rows;
  return (
    row && {
      ...(row.pid === null ? {} : { pid: row.pid }),
      application: row.application ?? '',
      user: row.user ?? '',
      state: row.state ?? 'hidden',
      ...(row.transactionSeconds === null ? {} : { transactionSeconds: row.transactionSeconds }),
      ...(row.querySeconds === null ? {} : { querySeconds: row.querySeconds }),
    }
  );
}
