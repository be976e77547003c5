import { sql } from 'kysely';
import type { Queryable } from '../../db/database';

// Raw SQL, as in store.ts.

/** An event that its relay could not publish: no message can be made of it (`parked`), or a queue refuses it. */
export interface UnpublishedEvent {
  position: number;
  eventId: string;
  stream: string;
  version: number;
  type: string;
  state: 'parked' | 'refused';
  reason: string;
  /** When it was parked; for a refused one, when it is retried. */
  time: Date;
}

/** In log order. */
export async function selectUnpublished(db: Queryable, relay: string, limit: number): Promise<UnpublishedEvent[]> {
  const { rows } = await sql<UnpublishedEvent>`
    with unpublished as (
      select position, 'parked' as state, reason, time from relay_parked where relay = ${relay}
      union all
      select position, 'refused', 'refused ' || tries + 1 || ' times', next_at from relay_refused where relay = ${relay}
      order by position limit ${limit}
    )
    select u.position, e.event_id as "eventId", e.stream, e.version, e.type, u.state, u.reason, u.time
    from unpublished u join events e using (position) order by u.position`.execute(db);
  return rows;
}

/** What is known of an event that was retried or discarded. */
export type TakenEvent = Pick<UnpublishedEvent, 'stream' | 'version' | 'type' | 'state'>;

/** Hands an event to the relay, which retries it like a refused one; undefined when it is not unpublished. */
export async function retryUnpublished(db: Queryable, relay: string, id: string): Promise<TakenEvent | undefined> {
  const { rows } = await sql<TakenEvent>`
    with parked as (
      delete from relay_parked where relay = ${relay} and event_id = ${id}::uuid returning position
    ), refused as (
      select r.position from relay_refused r join events e using (position)
      where r.relay = ${relay} and e.event_id = ${id}::uuid
    ), due as (
      insert into relay_refused (relay, position)
      select ${relay}, position from (select position from parked union select position from refused) as found
      on conflict (relay, position) do update set next_at = excluded.next_at
      returning position
    )
    select e.stream, e.version, e.type, case when parked.position is null then 'refused' else 'parked' end as state
    from due join events e using (position) left join parked using (position)`.execute(db);
  return rows[0];
}

/** Deletes an event from those to be published; undefined when it is not among them. */
export async function deleteUnpublished(db: Queryable, relay: string, id: string): Promise<TakenEvent | undefined> {
  const { rows } = await sql<TakenEvent>`
    with parked as (
      delete from relay_parked where relay = ${relay} and event_id = ${id}::uuid returning position
    ), refused as (
      delete from relay_refused r using events e
      where r.relay = ${relay} and e.position = r.position and e.event_id = ${id}::uuid returning r.position
    )
    select e.stream, e.version, e.type, found.state
    from (select position, 'parked' as state from parked union all select position, 'refused' from refused) as found
    join events e using (position)`.execute(db);
  return rows[0];
}
