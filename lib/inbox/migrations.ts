import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const inbox: Migration = {
  async up(db: Kysely<unknown>) {
    // How far each projection has come in each stream; free space on the pages keeps rewritten rows off the index.
    await sql`
      create table inbox_streams (
        subscription text not null,
        stream text not null,
        version int not null,
        primary key (subscription, stream)
      ) with (fillfactor = 50)`.execute(db);
    // Which events a reaction has dealt with; kept longer than any message can come back.
    await sql`
      create table inbox_events (
        subscription text not null,
        event_id text not null,
        time timestamptz not null default now(),
        primary key (subscription, event_id)
      )`.execute(db);
    // Events that came too early: before their predecessor, or before the code that understands them.
    // As json, not jsonb, so that the text stays what it was: jsonb refuses some of it.
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
    // Events that a reaction could not deal with: what comes after them in their stream waits.
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
    // Streams out of which somebody was taken: of what came before that version nothing is kept or applied any more.
    await sql`
      create table inbox_erased (
        subscription text not null,
        stream text not null,
        version int not null,
        primary key (subscription, stream)
      )`.execute(db);
  },
};

/** The inbox of a service that listens to others. */
export const inboxMigrations: Record<string, Migration> = {
  inbox_0001_tables: inbox,
  inbox_0002_failed: failedStreams,
  inbox_0003_erased: erased,
};
