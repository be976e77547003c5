import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { redactionMigrations } from './redaction-migrations';

const events: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table events (
        position bigint generated always as identity primary key,
        xid xid8 not null default pg_current_xact_id(),
        event_id uuid not null,
        stream text not null,
        version int not null check (version > 0),
        type text not null,
        data_version int not null,
        data jsonb not null,
        metadata jsonb not null,
        time timestamptz not null default clock_timestamp(),
        constraint events_stream_version unique (stream, version)
      )`.execute(db);
    await sql`create index events_in_log_order on events (xid, position)`.execute(db);
  },
};

const relays: Migration = {
  async up(db: Kysely<unknown>) {
    // One row, rewritten many times a second: free space on its page keeps each rewrite there, away from the indexes.
    await sql`
      create table relays (
        name text primary key,
        owner text not null default '',
        fence bigint not null default 0,
        expires_at timestamptz not null default '-infinity',
        cursor_xid xid8 not null default '0',
        cursor_position bigint not null default 0,
        paused boolean not null default false
      ) with (fillfactor = 10)`.execute(db);
    await sql`
      create table relay_parked (
        relay text not null,
        position bigint not null,
        event_id uuid not null,
        reason text not null,
        time timestamptz not null default clock_timestamp(),
        primary key (relay, position)
      )`.execute(db);
  },
};

const refused: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table relay_refused (
        relay text not null,
        position bigint not null,
        next_at timestamptz not null default clock_timestamp(),
        tries int not null default 0,
        primary key (relay, position)
      )`.execute(db);
    await sql`create index relay_refused_due on relay_refused (relay, next_at, position)`.execute(db);
  },
};

const redactions: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table redactions (
        stream text not null,
        fields text[] not null,
        events int not null,
        actor text,
        time timestamptz not null default clock_timestamp()
      )`.execute(db);
  },
};

/** The event log, the state of its relays, and the record of its redactions. */
export const eventLogMigrations: Record<string, Migration> = {
  eventlog_0001_events: events,
  eventlog_0002_relays: relays,
  eventlog_0003_redactions: redactions,
  eventlog_0004_refused: refused,
  ...redactionMigrations,
};
