import { sql } from 'kysely';
import type { Envelope } from '../../events/envelope';
import type { Queryable } from '../../db/database';
import { restore, type StoredEvent } from '../store';

// Raw SQL, as in store.ts. A projection needs none of this: its versions keep the order.

/** Writes down that an event has failed, so that the later ones of its stream wait for it. Again is as good as once. */
export async function markFailed(
  db: Queryable,
  subscription: string,
  { stream, version, id }: Envelope,
): Promise<void> {
  await sql`
    insert into inbox_failed (subscription, stream, version, event_id)
    values (${subscription}, ${stream}, ${version}, ${id})
    on conflict do nothing`.execute(db);
}

/** How a reaction stands to an event. */
export interface Standing {
  id: string;
  /** It has been dealt with. */
  isMarked: boolean;
  /** An earlier event of its stream has failed. */
  mustWait: boolean;
  /** Something of its stream has failed or waits. */
  hasTrouble: boolean;
  /** A later event of its stream has taken out whom it tells of. */
  isSuperseded: boolean;
}

export async function selectStanding(
  db: Queryable,
  subscription: string,
  events: readonly Envelope[],
): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select e.id,
      exists (select from inbox_events m where m.subscription = ${subscription} and m.event_id = e.id) as "isMarked",
      exists (
        select from inbox_failed f
        where f.subscription = ${subscription} and f.stream = e.stream and f.version < e.version and f.event_id <> e.id
      ) as "mustWait",
      exists (select from inbox_failed f where f.subscription = ${subscription} and f.stream = e.stream)
        or exists (select from inbox_parked p where p.subscription = ${subscription} and p.stream = e.stream) as "hasTrouble",
      exists (
        select from inbox_erased x
        where x.subscription = ${subscription} and x.stream = e.stream and x.version > e.version
      ) as "isSuperseded"
    from unnest(
      ${events.map(({ id }) => id)}::text[], ${events.map(({ stream }) => stream)}::text[],
      ${events.map(({ version }) => version)}::int[]
    ) as e (id, stream, version)`.execute(db);
  return rows;
}

/**
 * Forgets that these events have failed or waited, now that they are dealt with, and gives back what may go on because
 * of that: of their streams what is parked, as far as no other failure is before it; at most a hundred.
 */
export async function passFailed(
  db: Queryable,
  subscription: string,
  events: readonly Envelope[],
): Promise<Envelope[]> {
  const ids = events.map(({ id }) => id);
  const streams = events.map(({ stream }) => stream);
  const { rows } = await sql<StoredEvent>`
    with mended as (
      delete from inbox_failed where subscription = ${subscription} and event_id = any(${ids}::text[])
    ), passed as (
      delete from inbox_parked where subscription = ${subscription} and event_id = any(${ids}::text[])
    )
    select p.event from inbox_parked p
    where p.subscription = ${subscription} and p.stream = any(${streams}::text[]) and p.reason = 'behind-a-failure'
      and p.event_id <> all(${ids}::text[])
      and not exists (
        select from inbox_failed f
        where f.subscription = ${subscription} and f.stream = p.stream and f.version < p.version
          and f.event_id <> all(${ids}::text[])
      )
    order by p.stream, p.version limit 100`.execute(db);
  return rows.map(restore);
}
