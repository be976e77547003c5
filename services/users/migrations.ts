import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { personalFields } from '../../lib/eventlog/redaction-migrations';
import { idempotencyMigrations } from '../../lib/http/idempotency/migrations';

const users: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table users (
        user_id uuid primary key,
        email text not null,
        name text not null,
        version int not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`.execute(db);
    // One account per address, whatever its letter case.
    await sql`create unique index users_email on users (lower(email))`.execute(db);
  },
};

/** What replaces the data of an erased person in the log; it matches the events' schemas. */
const personal = personalFields('user', 'user.erased', { email: 'erased@erased.invalid', name: 'erased' });
const locks: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table users add column locked_at timestamptz`.execute(db);
  },
};

/** Requested changes of addresses: no read model, as events have them sealed only. */
const emailChanges: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table email_changes (
        user_id uuid primary key,
        token_hash bytea not null unique,
        email text not null,
        requested_at timestamptz not null,
        expires_at timestamptz not null
      )`.execute(db);
    await sql`create index email_changes_address on email_changes (lower(email))`.execute(db);
    await sql`
      update redactable_fields set fields = fields || '{"details": "erased"}'::jsonb where kind = 'user'`.execute(db);
  },
};

/** Everything the users database holds: the log, the users, and the answers to repeated requests. */
export const userMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...idempotencyMigrations,
  users_0001_users: users,
  users_0002_personal_fields: personal,
  users_0003_locks: locks,
  users_0004_email_changes: emailChanges,
};
