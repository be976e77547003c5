import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const effects: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table effects (
        key text primary key,
        request_hash text,
        state text not null check (state in ('done', 'undone')),
        result jsonb,
        time timestamptz not null default clock_timestamp()
      )`.execute(db);
  },
};

/** The table of effects, by effect key: `<workflowId>/<step>`. */
export const effectMigrations: Record<string, Migration> = { effects_0001_effects: effects };
