import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import type { Folding } from './folding';

// Raw SQL, because the tables are in databases with different table types.

/**
 * `filling` from the log; `following` what is appended meanwhile; `exchanged`: the tables were swapped, and the shadow
 * table is the previous one; `returning`: the previous one follows again, to be swapped back.
 */
export type Phase = 'filling' | 'following' | 'exchanged' | 'returning';

/** The shadow table: its version and its progress. */
export interface Rebuild extends Folding {
  phase: Phase;
  version: number;
  /** It covers the whole log, not only the events since the service subscribed. */
  whole: boolean;
}

export async function selectRebuild(db: Queryable, projection: string): Promise<Rebuild | undefined> {
  const { rows } = await sql<{
    version: number;
    whole: boolean;
    phase: Phase;
    stream: string;
    streamVersion: number;
    xid: string;
    position: number;
    done: number;
    total: number;
  }>`
    select version, whole, phase, fill_stream as stream, fill_version as "streamVersion", cursor_xid as xid,
      cursor_position as position, done, total
    from projection_rebuilds where projection = ${projection}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { stream, streamVersion, xid, position, ...rest } = row;
  return { ...rest, filled: { stream, version: streamVersion }, cursor: { xid, position } };
}

/** Saves a new or a continued rebuild. */
export const rebuildUpsert = (projection: string, rebuild: Rebuild): Write => {
  const { version, whole, phase, filled, cursor, done, total } = rebuild;
  return sql`
    insert into projection_rebuilds as r
      (projection, version, whole, phase, fill_stream, fill_version, cursor_xid, cursor_position, done, total)
    values (${projection}, ${version}::int, ${whole}, ${phase}, ${filled.stream}, ${filled.version}::int,
      ${cursor.xid}::xid8, ${cursor.position}::bigint, ${done}::bigint, ${total}::bigint)
    on conflict (projection) do update set
      version = excluded.version, whole = excluded.whole, phase = excluded.phase, fill_stream = excluded.fill_stream,
      fill_version = excluded.fill_version, cursor_xid = excluded.cursor_xid,
      cursor_position = excluded.cursor_position, done = excluded.done, total = excluded.total,
      started_at = case when excluded.phase = 'filling' and r.phase <> 'filling' then clock_timestamp()
        else r.started_at end,
      changed_at = clock_timestamp()`;
};

/** The version of the live table. */
export async function selectBuilt(db: Queryable, projection: string): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select version from projections_built where projection = ${projection}`.execute(db);
  return rows[0]?.version ?? 1;
}

export const builtUpsert = (projection: string, version: number): Write => sql`
  insert into projections_built (projection, version) values (${projection}, ${version}::int)
  on conflict (projection) do update set version = excluded.version, built_at = clock_timestamp()`;

const lockOf = (projection: string) => sql`hashtextextended(${`rebuild ${projection}`}, 0)`;

/**
 * Locks a projection until the session ends: exclusively to rebuild it, shared with other verifications to verify it.
 * False when another session holds a lock that excludes this one.
 */
export async function lockProjection(db: Queryable, projection: string, to: 'rebuild' | 'verify'): Promise<boolean> {
  const lock = to === 'rebuild' ? sql`pg_try_advisory_lock` : sql`pg_try_advisory_lock_shared`;
  const { rows } = await sql<{ taken: boolean }>`select ${lock}(${lockOf(projection)}) as taken`.execute(db);
  return rows[0]?.taken ?? false;
}

export async function unlockProjection(db: Queryable, projection: string, to: 'rebuild' | 'verify'): Promise<void> {
  const unlock = to === 'rebuild' ? sql`pg_advisory_unlock` : sql`pg_advisory_unlock_shared`;
  await sql`select ${unlock}(${lockOf(projection)})`.execute(db);
}
