import { sql } from 'kysely';
import type { Envelope } from '../../events/envelope';
import type { Queryable } from '../../db/database';
import type { StreamPosition } from '../store';

// Raw SQL, as in store.ts.

/**
 * Records erasures, and deletes what precedes them in their streams: parked events and failures. Earlier events that
 * are delivered later are dropped.
 */
export async function markErased(db: Queryable, subscription: string, events: readonly Envelope[]): Promise<void> {
  await sql`
    with erasing as (
      select stream, max(version) as version from unnest(
        ${events.map(({ stream }) => stream)}::text[], ${events.map(({ version }) => version)}::int[]
      ) as erasing (stream, version) group by stream
    ), parked as (
      delete from inbox_parked p using erasing e
      where p.subscription = ${subscription} and p.stream = e.stream and p.version < e.version
    ), failed as (
      delete from inbox_failed f using erasing e
      where f.subscription = ${subscription} and f.stream = e.stream and f.version < e.version
    )
    insert into inbox_erased (subscription, stream, version) select ${subscription}, stream, version from erasing
    on conflict (subscription, stream) do update set version = greatest(inbox_erased.version, excluded.version)`.execute(
    db,
  );
}

/** Those of the positions that precede an erasure in their stream. */
export async function selectBeforeErasure(
  db: Queryable,
  subscription: string,
  positions: readonly StreamPosition[],
): Promise<StreamPosition[]> {
  if (positions.length === 0) return [];
  const { rows } = await sql<StreamPosition>`
    select p.stream, p.version
    from unnest(${positions.map(({ stream }) => stream)}::text[], ${positions.map(({ version }) => version)}::int[])
      as p (stream, version)
    join inbox_erased e on e.subscription = ${subscription} and e.stream = p.stream and e.version > p.version`.execute(
    db,
  );
  return rows;
}

/** Whether anything was ever erased for this subscription. */
export async function hasErasures(db: Queryable, subscription: string): Promise<boolean> {
  const { rows } = await sql`select from inbox_erased where subscription = ${subscription} limit 1`.execute(db);
  return rows.length > 0;
}
