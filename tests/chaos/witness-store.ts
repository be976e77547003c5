import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { inboxMigrations } from '../../lib/inbox/migrations';
import type { Envelope } from '../../lib/events/envelope';
import type { Applied } from './history';

const tables: Migration = {
  async up(db: Kysely<unknown>) {
    // No key but the sequence: whatever is applied twice is to be seen.
    await sql`
      create table applied (
        seq bigserial primary key, subscription text not null, event_id text not null,
        stream text not null, version int not null
      )`.execute(db);
    // Written outside of the handlers' transactions, so that a rolled back attempt is remembered.
    await sql`
      create table hostilities (
        subscription text not null, event_id text not null, kind text not null, attempts int not null,
        primary key (subscription, event_id)
      )`.execute(db);
  },
};

export const witnessMigrations: Record<string, Migration> = { ...inboxMigrations, witness_0001_tables: tables };

/** Writes that an event was applied, in the transaction of the handler. */
export async function insertApplied(db: Kysely<unknown>, subscription: string, event: Envelope): Promise<void> {
  const { id, stream, version } = event;
  await sql`
    insert into applied (subscription, event_id, stream, version)
    values (${subscription}, ${id}, ${stream}, ${version})`.execute(db);
}

/** Counts an attempt to handle an event that is met with hostility; returns the number of the attempt, from 1. */
export async function countAttempt(
  db: Kysely<unknown>,
  subscription: string,
  eventId: string,
  kind: string,
): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`
    insert into hostilities as h (subscription, event_id, kind, attempts)
    values (${subscription}, ${eventId}, ${kind}, 1)
    on conflict (subscription, event_id) do update set attempts = h.attempts + 1
    returning attempts`.execute(db);
  return rows[0]?.attempts ?? 1;
}

/** Every effect there is. */
export async function selectApplied(db: Kysely<unknown>): Promise<Applied[]> {
  const { rows } = await sql<Applied>`
    select seq::int, subscription, event_id as id, stream, version from applied order by seq`.execute(db);
  return rows;
}

/** How many events have met each kind of hostility. */
export async function selectHostilities(db: Kysely<unknown>): Promise<{ kind: string; events: number }[]> {
  const { rows } = await sql<{ kind: string; events: number }>`
    select kind, count(*)::int as events from hostilities group by kind order by kind`.execute(db);
  return rows;
}

/** How many effects each subscription has written. */
export async function countApplied(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from applied`.execute(db);
  return rows[0]?.count ?? 0;
}
