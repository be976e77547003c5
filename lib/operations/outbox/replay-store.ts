import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../../db/database';
import type { Cursor } from '../../eventlog/events';
import { horizons } from '../../eventlog/relay/log-reader-store';
import type { LoggedEvent } from '../../eventlog/store';

// Raw SQL: it works on databases of many different table types.

/** Where to begin: a position in the log, or a time. */
export interface ReplayFrom {
  position?: number | undefined;
  time?: Date | undefined;
}

/** For `events e`: from that position or time. */
const isFrom = ({ position = 0, time }: ReplayFrom): RawBuilder<boolean> =>
  sql`e.position >= ${position}::bigint and e.time >= ${time ?? '-infinity'}::timestamptz`;

/** For `events e` and `relays r`: the relay has set it aside, because no message can be made of it. */
const isParked = sql`exists (select from relay_parked p where p.relay = r.name and p.position = e.position)`;

/** Published events from a position or a time, in log order after `after`. */
export async function selectPublished(
  db: Queryable,
  relay: string,
  from: ReplayFrom,
  after: Cursor,
  limit: number,
): Promise<LoggedEvent[]> {
  const { rows } = await sql<LoggedEvent>`
    select e.xid, e.position, event_id as id, stream, version, type, data_version as "dataVersion", data, metadata, time
    from events e, relays r
    where r.name = ${relay} and (e.xid, e.position) <= (r.cursor_xid, r.cursor_position)
      and (e.xid, e.position) > (${after.xid}::xid8, ${after.position}::bigint)
      and ${isFrom(from)} and not ${isParked}
    order by e.xid, e.position limit ${limit}`.execute(db);
  return rows;
}

/** The last committed event, whether or not it may be published yet. */
export async function selectEnd(db: Queryable): Promise<Cursor> {
  const { rows } = await sql<Cursor>`
    select xid, position from events order by xid desc, position desc limit 1`.execute(db);
  return rows[0] ?? { xid: '0', position: 0 };
}

/** How many events up to `end` the relay has not published, and how many of those are held back. */
export async function countUnpublished(
  db: Queryable,
  relay: string,
  from: ReplayFrom,
  end: Cursor,
): Promise<{ unpublished: number; heldBack: number; paused: boolean } | undefined> {
  const { rows } = await sql<{ unpublished: number; heldBack: number; paused: boolean }>`
    select r.paused, count(e.position)::int as unpublished,
      (count(e.position) filter (where e.xid >= ${horizons.database}))::int as "heldBack"
    from relays r left join events e on (e.xid, e.position) > (r.cursor_xid, r.cursor_position)
      and (e.xid, e.position) <= (${end.xid}::xid8, ${end.position}::bigint) and ${isFrom(from)}
    where r.name = ${relay} group by r.name`.execute(db);
  return rows[0];
}

/** How many events the relay has set aside. */
export async function countParkedIn(db: Queryable, relay: string, from: ReplayFrom): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from events e, relays r
    where r.name = ${relay} and ${isFrom(from)} and ${isParked}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** At which of these positions the relay has set an event aside. */
export async function selectParkedAt(db: Queryable, relay: string, positions: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ position: number }>`
    select position from relay_parked where relay = ${relay} and position = any(${positions}::bigint[])`.execute(db);
  return new Set(rows.map(({ position }) => position));
}
