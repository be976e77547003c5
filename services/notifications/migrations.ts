import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { inboxMigrations } from '../../lib/inbox/migrations';

const notifications: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table recipients (user_id uuid primary key, email text, name text)`.execute(db);
    await sql`
      create table known_orders (
        order_id uuid primary key,
        user_id uuid not null,
        amount bigint not null,
        currency text not null
      )`.execute(db);
    await sql`
      create table notifications (
        notification_id uuid primary key,
        event_id uuid not null unique,
        order_id uuid not null,
        kind text not null,
        reason text,
        status text not null default 'pending',
        attempts int not null default 0,
        detail text,
        created_at timestamptz not null,
        next_attempt_at timestamptz not null,
        claimed_until timestamptz,
        sent_at timestamptz
      )`.execute(db);
    await sql`create index notifications_of_order on notifications (order_id, created_at)`.execute(db);
    await sql`
      create index notifications_due on notifications (next_attempt_at) where status = 'pending'`.execute(db);
    await sql`create index notifications_open on notifications (status) where status <> 'sent'`.execute(db);
    await sql`
      create index notifications_claimed on notifications (claimed_until) where status = 'sending'`.execute(db);
  },
};

const messages: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table notifications add column message text`.execute(db);
  },
};

const accountEmails: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      alter table recipients
        add column change_version int,
        add column change_details text,
        add column change_expires_at timestamptz`.execute(db);
    await sql`
      create table account_emails (
        notification_id uuid primary key,
        user_id uuid not null,
        version int not null,
        details text,
        expires_at timestamptz not null,
        status text not null default 'pending',
        attempts int not null default 0,
        detail text,
        created_at timestamptz not null,
        next_attempt_at timestamptz not null,
        claimed_until timestamptz,
        sent_at timestamptz,
        unique (user_id, version)
      )`.execute(db);
    await sql`
      create index account_emails_due on account_emails (next_attempt_at) where status = 'pending'`.execute(db);
    await sql`create index account_emails_open on account_emails (status) where status <> 'sent'`.execute(db);
    await sql`
      create index account_emails_claimed on account_emails (claimed_until) where status = 'sending'`.execute(db);
  },
};

/** Everything the notifications database holds: the inbox, copies of users and orders, and what was sent. */
export const notificationMigrations: Record<string, Migration> = {
  ...inboxMigrations,
  notifications_0001: notifications,
  notifications_0002_messages: messages,
  notifications_0003_account_emails: accountEmails,
};
