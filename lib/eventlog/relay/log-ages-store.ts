import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import { horizons } from './log-reader-store';

/** The ages of waiting events in seconds, 0 when there is none; and how many were refused. */
export interface LogAges {
  /** Of the oldest event that some queue does not have: beyond the cursor, or refused. */
  oldestUnpublished: number;
  oldestHeldBack: number;
  oldestRefused: number;
  refused: number;
  /** An operator has paused the relay. */
  paused: boolean;
}

/**
 * How long the oldest events have been waiting: to be published, for the horizon, and for a queue that refused them.
 */
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
