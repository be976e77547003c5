import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import type { Cursor } from '../eventlog/events';
import { belowHorizon } from '../eventlog/store';
import type { StreamPosition } from '../inbox/store';

// Raw SQL, because it reads the logs of every service.

/** An event as it is in the log. */
export interface LogRow {
  id: string;
  stream: string;
  version: number;
  type: string;
  dataVersion: number;
  /** Null when it equals the data version. */
  compatibleVersion: number | null;
  data: unknown;
  time: Date;
}

const columns = sql`e.event_id as id, e.stream, e.version, e.type, e.data_version as "dataVersion",
  (e.metadata->>'compatibleVersion')::int as "compatibleVersion", e.data, e.time`;
const kindOf = sql`split_part(e.stream, '-', 1)`;

export async function countEvents(db: Queryable, kinds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from events e where ${kindOf} = any(${kinds}::text[])`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The next events of these kinds of streams, by stream and version: each stream is read as a whole. */
export async function selectByStream(
  db: Queryable,
  kinds: readonly string[],
  after: StreamPosition,
  limit: number,
): Promise<LogRow[]> {
  const { rows } = await sql<LogRow>`
    select ${columns} from events e
    where (e.stream, e.version) > (${after.stream}, ${after.version}::int) and ${kindOf} = any(${kinds}::text[])
    order by e.stream, e.version limit ${limit}`.execute(db);
  return rows;
}

/** The events after these versions of their streams, up to a version where one is given. */
export async function selectBeyond(
  db: Queryable,
  streams: readonly { stream: string; after: number; upTo?: number }[],
): Promise<LogRow[]> {
  const { rows } = await sql<LogRow>`
    select ${columns}
    from unnest(
      ${streams.map(({ stream }) => stream)}::text[], ${streams.map(({ after }) => after)}::int[],
      ${streams.map(({ upTo }) => upTo ?? null)}::int[]
    ) as wanted (stream, after, up_to)
    join events e on e.stream = wanted.stream and e.version > wanted.after
      and e.version <= coalesce(wanted.up_to, e.version)
    order by e.stream, e.version`.execute(db);
  return rows;
}

/**
 * The streams that have grown since a cursor, and the new cursor. `settled`: only below the horizon, so that nothing
 * can appear behind the new cursor later; otherwise everything that is committed.
 */
export async function selectGrown(
  db: Queryable,
  kinds: readonly string[],
  after: Cursor,
  { limit, settled }: { limit: number; settled: boolean },
): Promise<{ streams: string[]; at: Cursor; more: boolean }> {
  const { rows } = await sql<Cursor & { stream: string; wanted: boolean }>`
    select e.xid, e.position, e.stream, ${kindOf} = any(${kinds}::text[]) as wanted from events e
    where (e.xid, e.position) > (${after.xid}::xid8, ${after.position}::bigint)
      ${settled ? sql`and ${belowHorizon}` : sql``}
    order by e.xid, e.position limit ${limit}`.execute(db);
  const streams = new Set(rows.filter(({ wanted }) => wanted).map(({ stream }) => stream));
  const last = rows.at(-1);
  return {
    streams: [...streams],
    at: last ? { xid: last.xid, position: last.position } : after,
    more: rows.length === limit,
  };
}
