import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import type { RecordedEvent } from './events';

// Raw SQL, as in store.ts: a log is read in databases of many different table types.

/** Of a stream with more events than twice this, only so many of its first and of its last are read. */
export const endsOfStreams = 250;

const columns = sql`position, event_id as id, stream, version, type, data_version as "dataVersion", data, metadata, time`;

/** The first and the last events of streams, and how many were left out between them. */
export async function selectEnds(
  db: Queryable,
  streams: readonly string[],
  each = endsOfStreams,
): Promise<{ events: RecordedEvent[]; omitted: number }> {
  // Versions have no gaps, so the last version says which ones are in the middle.
  const { rows } = await sql<RecordedEvent & { last: number }>`
    select ${columns}, newest.last
    from unnest(${[...streams]}::text[]) as wanted (name)
    cross join lateral (
      select version as last from events where stream = wanted.name order by version desc limit 1
    ) newest
    join events on stream = wanted.name and (version <= ${each} or version > newest.last - ${each})
    order by stream, version`.execute(db);
  const lengths = new Map(rows.map(({ stream, last }) => [stream, last]));
  const all = [...lengths.values()].reduce((sum, last) => sum + last, 0);
  return { events: rows.map(({ last: _, ...event }) => event), omitted: all - rows.length };
}

/** How far the id of an event and its place in the log may be apart in time. */
const slackMs = 10_000;
/** Events looked at around the place where an id should be. */
const mostAround = 200_000;

/**
 * The event with an id, found without an index on ids: they begin with the time (UUIDv7), and so do, by and large, the
 * positions of the log, so a bisection leads to its place.
 */
export async function findEvent(db: Queryable, id: string): Promise<RecordedEvent | undefined> {
  const ms = parseInt(id.replace('-', '').slice(0, 12), 16);
  const [from, to] = await Promise.all([positionAt(db, ms - slackMs), positionAt(db, ms + slackMs)]);
  const { rows } = await sql<RecordedEvent>`
    select ${columns} from (
      select * from events where position between ${from}::bigint and ${to}::bigint order by position limit ${mostAround}
    ) around where event_id = ${id}`.execute(db);
  return rows[0];
}

/** The first position whose event is not earlier than a time; in one round trip, of about thirty look-ups by key. */
async function positionAt(db: Queryable, ms: number): Promise<number> {
  const { rows } = await sql<{ position: number }>`
    with recursive bisection (low, high) as (
      select coalesce(min(position), 0), coalesce(max(position), 0) + 1 from events
      union all
      select
        case when found.is_earlier then greatest(found.position, middle) + 1 else low end,
        case when found.is_earlier then high else middle end
      from (select low, high, (low + high) / 2 as middle from bisection where low < high) half
      cross join lateral (
        select position, time < to_timestamp(${ms}::float8 / 1000) as is_earlier from events
        where position >= middle order by position limit 1
      ) found
    )
    select low as position from bisection where low >= high limit 1`.execute(db);
  return rows[0]?.position ?? 0;
}

/** What the relay of a log has done with an event. */
export interface Published {
  id: string;
  /** `waiting`: not confirmed by the broker yet; `refused`: some queue has refused it, and it is retried. */
  state: 'confirmed' | 'waiting' | 'refused' | 'set apart';
  /** Failed retries of a refused one. */
  tries?: number | null;
  /** Why it was set apart. */
  reason?: string | null;
}

/** How far each of these events has come on its way to the broker. @param relay the name of the log's relay */
export async function selectPublished(
  db: Queryable,
  relay: string,
  positions: readonly number[],
): Promise<Published[]> {
  const { rows } = await sql<Published>`
    select e.event_id as id, r.tries, p.reason,
      case when p.reason is not null then 'set apart' when r.tries is not null then 'refused'
        when (e.xid, e.position) <= (relays.cursor_xid, relays.cursor_position) then 'confirmed'
        else 'waiting' end as state
    from events e
    left join relays on relays.name = ${relay}
    left join relay_refused r on r.relay = ${relay} and r.position = e.position
    left join relay_parked p on p.relay = ${relay} and p.position = e.position
    where e.position = any(${[...positions]}::bigint[])`.execute(db);
  return rows;
}
