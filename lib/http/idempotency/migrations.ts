import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The table may exist already, without `operation`: in one database it is older than this migration. */
const keys: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table if not exists idempotency_keys (
        actor text not null,
        key text not null,
        request_hash text not null,
        response json not null,
        created_at timestamptz not null,
        primary key (actor, key)
      )`.execute(db);
    // Empty for older keys, which match any operation.
    await sql`alter table idempotency_keys add column operation text not null default ''`.execute(db);
    await sql`create index idempotency_keys_by_age on idempotency_keys (created_at)`.execute(db);
  },
};

/** The responses to requests with an `Idempotency-Key`, until they expire. */
export const idempotencyMigrations: Record<string, Migration> = { idempotency_0001_keys: keys };
