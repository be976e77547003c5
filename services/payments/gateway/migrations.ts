import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const operations: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table operations (
        key text primary key,
        kind text not null check (kind in ('authorization', 'capture')),
        authorization_key text not null,
        token text,
        amount bigint not null,
        currency text,
        outcome text not null check (outcome in ('pending', 'approved', 'refused', 'undone')),
        reason text,
        flagged boolean not null default false,
        calls int not null default 1,
        time timestamptz not null default clock_timestamp()
      )`.execute(db);
    await sql`
      create unique index charged_once on operations (authorization_key)
      where kind = 'capture' and outcome = 'approved'`.execute(db);
  },
};

/** The records of the simulated gateway, an external system: it keeps them when the platform is killed. */
export const gatewayMigrations: Record<string, Migration> = { gateway_0001_operations: operations };
