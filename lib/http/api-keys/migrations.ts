import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const keys: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table api_keys (
        key_id uuid primary key,
        name text not null,
        prefix text not null,
        hash bytea not null unique,
        scopes text[] not null,
        created_at timestamptz not null,
        created_by text not null,
        expires_at timestamptz not null,
        revoked_at timestamptz
      )`.execute(db);
    await sql`create index api_keys_valid on api_keys (expires_at) where revoked_at is null`.execute(db);
  },
};

/** The API keys of programs; only their hashes are stored. */
export const apiKeyMigrations: Record<string, Migration> = { api_keys_0001_keys: keys };
