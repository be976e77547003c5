import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { inboxMigrations } from '../../lib/inbox/migrations';

const startedSagas: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table started_sagas (
        workflow_id text primary key,
        time timestamptz not null default clock_timestamp()
      )`.execute(db);
  },
};

/** The inbox remembers every processed event; a second list cost two statements per order. */
const noStartedSagas: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`drop table started_sagas`.execute(db);
  },
};

/** Everything the bridge's database holds: its inbox. */
export const bridgeMigrations: Record<string, Migration> = {
  ...inboxMigrations,
  bridge_0001_started_sagas: startedSagas,
  bridge_0002_no_started_sagas: noStartedSagas,
};
