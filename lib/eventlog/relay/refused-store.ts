import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import type { Lease } from './lease-store';
import type { LogEntry } from './log-reader-store';

/** Sets aside an entry that cannot be made into a message; idempotent. */
export async function insertUnpublished(db: Queryable, relay: string, entry: LogEntry, reason: string): Promise<void> {
  await sql`
    insert into relay_parked (relay, position, event_id, reason)
    values (${relay}, ${entry.position}, ${entry.id}, ${reason})
    on conflict do nothing`.execute(db);
}

/** Records entries that a queue refused; idempotent. */
export async function insertRefused(db: Queryable, relay: string, positions: readonly number[]): Promise<void> {
  await sql`
    insert into relay_refused (relay, position) select ${relay}, unnest(${positions}::bigint[])
    on conflict do nothing`.execute(db);
}

/** Deletes the records of entries that every queue has taken by now. */
export async function deleteRefused(db: Queryable, relay: string, positions: readonly number[]): Promise<void> {
  await sql`
    delete from relay_refused where relay = ${relay} and position = any(${positions}::bigint[])`.execute(db);
}

/** Postpones entries that were refused again: twice as long each time, up to `maxMs`. */
export async function postponeRefused(
  db: Queryable,
  relay: string,
  positions: readonly number[],
  [firstMs, maxMs]: readonly [firstMs: number, maxMs: number],
): Promise<void> {
  await sql`
    update relay_refused
    set tries = tries + 1,
      next_at = now() + least(${firstMs} * power(2, least(tries, 20)), ${maxMs}) * interval '1 millisecond'
    where relay = ${relay} and position = any(${positions}::bigint[])`.execute(db);
}

/** The refused entries that are due, the longest due first; none while the relay is paused, or another one leads. */
export async function selectRefused(db: Queryable, lease: Lease, limit: number): Promise<LogEntry[]> {
  const { rows } = await sql<LogEntry>`
    select e.xid, e.position, e.event_id as id, e.stream, e.version, e.type, e.data_version as "dataVersion",
      e.data::text as data, e.metadata, e.time
    from relays l
    cross join lateral (
      select position, next_at from relay_refused
      where relay = l.name and next_at <= clock_timestamp()
      order by next_at, position limit ${limit}
    ) as refused
    join events e on e.position = refused.position
    where l.name = ${lease.name} and l.owner = ${lease.owner} and l.fence = ${lease.fence} and not l.paused
    order by refused.next_at, e.position`.execute(db);
  return rows;
}
