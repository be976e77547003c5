import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';
import type { Folding } from './folding';

// Raw SQL: it works on databases of many different table types.

/**
 * `filling` from the log; `following` what is appended meanwhile; `exchanged`: the table aside is the one that was read
 * before; `returning`: that one follows again, to be exchanged back.
 */
export type Phase = 'filling' | 'following' | 'exchanged' | 'returning';

/** The table aside: of which version of its projection it is, and how far it has come. */
export interface Rebuild extends Folding {
  phase: Phase;
  version: number;
  /** It goes as far as the log, not only as far as the live table, which began to listen later. */
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

/** What notes a new or a continued rebuild. */
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

/** The version of the table that is read. */
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
 * Takes the right to rebuild a projection, until the session ends, or to look at it while nobody rebuilds it, together
 * with others who look; false when somebody else has a right that excludes it.
 */
export async function takeTurn(db: Queryable, projection: string, to: 'rebuild' | 'look'): Promise<boolean> {
  const lock = to === 'rebuild' ? sql`pg_try_advisory_lock` : sql`pg_try_advisory_lock_shared`;
  const { rows } = await sql<{ taken: boolean }>`select ${lock}(${lockOf(projection)}) as taken`.execute(db);
  return rows[0]?.taken ?? false;
}

export async function giveTurnBack(db: Queryable, projection: string, to: 'rebuild' | 'look'): Promise<void> {
  const unlock = to === 'rebuild' ? sql`pg_advisory_unlock` : sql`pg_advisory_unlock_shared`;
  await sql`select ${unlock}(${lockOf(projection)})`.execute(db);
}
