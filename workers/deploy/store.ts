import { sql } from 'kysely';
import type { Envelope } from '../../lib/events/envelope';
import type { Queryable } from '../../lib/db/database';

/** Up to `limit` streams of a log, chosen by random events, so long ones are more likely than short ones. */
export async function sampleStreams(db: Queryable, limit: number): Promise<string[]> {
  // Raw SQL: random positions are found by the index, however long the log is.
  const { rows } = await sql<{ stream: string }>`
    with ends as (select min(position) as first, max(position) as last from events),
    places as (
      select first + floor(random() * (last - first + 1))::bigint as place from ends, generate_series(1, ${limit}::int)
    )
    select distinct picked.stream from places
    cross join lateral (select stream from events where position >= place order by position limit 1) as picked`.execute(
    db,
  );
  return rows.map(({ stream }) => stream);
}

/** An event parked in an inbox. */
export interface ParkedEvent {
  stream: string;
  version: number;
  event: Envelope;
}

/** The first events parked in an inbox, and the number of all. */
export async function selectParked(
  db: Queryable,
  subscription: string,
  limit: number,
): Promise<{ parked: ParkedEvent[]; all: number }> {
  const { rows } = await sql<ParkedEvent & { count: number }>`
    select stream, version, event, count(*) over ()::int as count from inbox_parked
    where subscription = ${subscription} order by stream, version limit ${limit}`.execute(db);
  return { parked: rows, all: rows[0]?.count ?? 0 };
}
