import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const inbox: Migration = {
  async up(db: Kysely<unknown>) {
    // The version that each projection has reached in each stream. Free space on the pages lets updates skip the index.
    await sql`
      create table inbox_streams (
        subscription text not null,
        stream text not null,
        version int not null,
        primary key (subscription, stream)
      ) with (fillfactor = 50)`.execute(db);
    // The events that a reaction has processed; kept longer than any message can be redelivered.
    await sql`
      create table inbox_events (
        subscription text not null,
        event_id text not null,
        time timestamptz not null default now(),
        primary key (subscription, event_id)
      )`.execute(db);
    // Events that came too early: before their predecessor, or before the code that understands them.
    // As json, not jsonb, so that the text stays unchanged: jsonb refuses some JSON.
    await sql`
      create table inbox_parked (
        subscription text not null,
        stream text not null,
        version int not null,
        event_id text not null,
        event json not null,
        reason text not null,
        parked_at timestamptz not null default now(),
        primary key (subscription, stream, version)
      )`.execute(db);
  },
};

const failedStreams: Migration = {
  async up(db: Kysely<unknown>) {
    // Events that a reaction failed to process: later events of their streams wait.
    await sql`
      create table inbox_failed (
        subscription text not null,
        stream text not null,
        version int not null,
        event_id text not null,
        time timestamptz not null default now(),
        primary key (subscription, stream, version, event_id)
      )`.execute(db);
  },
};

const erased: Migration = {
  async up(db: Kysely<unknown>) {
    // Streams with an erasure: events before that version are neither kept nor applied.
    await sql`
      create table inbox_erased (
        subscription text not null,
        stream text not null,
        version int not null,
        primary key (subscription, stream)
      )`.execute(db);
  },
};

/** The tables of an inbox. */
export const inboxMigrations: Record<string, Migration> = {
  inbox_0001_tables: inbox,
  inbox_0002_failed: failedStreams,
  inbox_0003_erased: erased,
};
