import { sql } from 'kysely';
import type { Envelope } from '../../events/envelope';
import type { Queryable } from '../../db/database';
import { restore, type StoredEvent } from '../store';

// Raw SQL, as in store.ts. Only reactions need this: projections go by versions.

/** Records that an event has failed, so that later events of its stream wait for it. Idempotent. */
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

/** What a reaction knows of an event. */
export interface EventState {
  id: string;
  /** It has been processed. */
  isProcessed: boolean;
  /** An earlier event of its stream has failed. */
  isBehindFailure: boolean;
  /** An event of its stream has failed or is parked. */
  hasFailures: boolean;
  /** A later event of its stream has erased its data. */
  isErased: boolean;
}

export async function selectEventStates(
  db: Queryable,
  subscription: string,
  events: readonly Envelope[],
): Promise<EventState[]> {
  const { rows } = await sql<EventState>`
    select e.id,
      exists (select from inbox_events m where m.subscription = ${subscription} and m.event_id = e.id) as "isProcessed",
      exists (
        select from inbox_failed f
        where f.subscription = ${subscription} and f.stream = e.stream and f.version < e.version and f.event_id <> e.id
      ) as "isBehindFailure",
      exists (select from inbox_failed f where f.subscription = ${subscription} and f.stream = e.stream)
        or exists (select from inbox_parked p where p.subscription = ${subscription} and p.stream = e.stream) as "hasFailures",
      exists (
        select from inbox_erased x
        where x.subscription = ${subscription} and x.stream = e.stream and x.version > e.version
      ) as "isErased"
    from unnest(
      ${events.map(({ id }) => id)}::text[], ${events.map(({ stream }) => stream)}::text[],
      ${events.map(({ version }) => version)}::int[]
    ) as e (id, stream, version)`.execute(db);
  return rows;
}

/**
 * Deletes the failures and parked rows of these events, now that they are processed. Returns the parked events of their
 * streams that no other failure precedes; at most a hundred.
 */
export async function resolveFailed(
  db: Queryable,
  subscription: string,
  events: readonly Envelope[],
): Promise<Envelope[]> {
  const ids = events.map(({ id }) => id);
  const streams = events.map(({ stream }) => stream);
  const { rows } = await sql<StoredEvent>`
    with resolved as (
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
