import { sql } from 'kysely';
import { namespace } from '../config/namespace';
import type { Queryable } from '../db/database';

/** The notification channels of a log: events were committed; a lease was released. */
export const channels = { events: `${namespace}_events`, relays: `${namespace}_relays` } as const;

/** Notifies all sessions that listen for commits of events; outside a transaction at once. */
export async function notifyCommit(db: Queryable): Promise<void> {
  await sql`notify ${sql.raw(channels.events)}`.execute(db);
}
