import { sql } from 'kysely';
import type { Envelope } from '../../events/envelope';
import type { Queryable } from '../../db/database';
import { restore, type StoredEvent } from '../../inbox/store';

// Raw SQL, as in store.ts.

/** An event that is parked in an inbox. */
export interface ParkedEvent {
  subscription: string;
  stream: string;
  version: number;
  eventId: string;
  type: string;
  reason: string;
  parkedAt: Date;
  /** The last version of the stream that was applied here. */
  reached: number;
}

export async function selectParked(db: Queryable, subscription: string, limit: number): Promise<ParkedEvent[]> {
  const { rows } = await sql<ParkedEvent>`
    select p.subscription, p.stream, p.version, p.event_id as "eventId", p.event->>'type' as type, p.reason,
      p.parked_at as "parkedAt", coalesce(s.version, 0) as reached
    from inbox_parked p left join inbox_streams s on s.subscription = p.subscription and s.stream = p.stream
    where p.subscription = ${subscription}
    order by p.stream, p.version limit ${limit}`.execute(db);
  return rows;
}

/** A parked event, and whether it is the first of its stream. */
export interface Waiting {
  event: Envelope;
  reason: string;
  isFirst: boolean;
}

/** The first parked event of a stream, or the one with this id. */
export async function selectWaiting(
  db: Queryable,
  subscription: string,
  stream: string,
  id?: string,
): Promise<Waiting | undefined> {
  const { rows } = await sql<StoredEvent & { reason: string; isFirst: boolean }>`
    select event, reason, "isFirst" from (
      select event, event_id, reason, version, row_number() over (order by version) = 1 as "isFirst"
      from inbox_parked where subscription = ${subscription} and stream = ${stream}
    ) as waiting
    where event_id = coalesce(${id ?? null}, event_id)
    order by version limit 1`.execute(db);
  const [found] = rows;
  return found && { event: restore(found), reason: found.reason, isFirst: found.isFirst };
}

/** Clears failures before a version, so that later events of the stream no longer wait. */
export async function deleteFailedBefore(
  db: Queryable,
  subscription: string,
  { stream, version }: Pick<Envelope, 'stream' | 'version'>,
): Promise<void> {
  await sql`
    delete from inbox_failed
    where subscription = ${subscription} and stream = ${stream} and version < ${version}`.execute(db);
}
