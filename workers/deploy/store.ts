import { sql } from 'kysely';
import type { Envelope } from '../../lib/events/envelope';
import type { Queryable } from '../../lib/db/database';

/** Streams of a log, picked at random by their events: at most so many, and long ones more likely than short ones. */
export async function sampleStreams(db: Queryable, most: number): Promise<string[]> {
  // Raw SQL: it jumps to random positions by the index, however long the log is.
  const { rows } = await sql<{ stream: string }>`
    with ends as (select min(position) as first, max(position) as last from events),
    places as (
      select first + floor(random() * (last - first + 1))::bigint as place from ends, generate_series(1, ${most}::int)
    )
    select distinct picked.stream from places
    cross join lateral (select stream from events where position >= place order by position limit 1) as picked`.execute(
    db,
  );
  return rows.map(({ stream }) => stream);
}

/** An event that waits in an inbox. */
export interface ParkedHere {
  stream: string;
  version: number;
  event: Envelope;
}

/** The first of what waits in an inbox, and how many there are. */
export async function selectParked(
  db: Queryable,
  subscription: string,
  limit: number,
): Promise<{ parked: ParkedHere[]; all: number }> {
  const { rows } = await sql<ParkedHere & { count: number }>`
    select stream, version, event, count(*) over ()::int as count from inbox_parked
    where subscription = ${subscription} order by stream, version limit ${limit}`.execute(db);
  return { parked: rows, all: rows[0]?.count ?? 0 };
}
