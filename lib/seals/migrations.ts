import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { AppendOnly } from '../db/append-only';

const seals: Migration = {
  async up(db: Kysely<unknown>) {
    // Each seal covers the entries between two positions, and the seal before it.
    await sql`
      create table log_seals (
        log text not null,
        number bigint not null check (number > 0),
        from_position bigint not null,
        to_position bigint not null,
        count int not null,
        hash bytea not null,
        previous_hash bytea not null,
        sealed_at timestamptz not null default clock_timestamp(),
        primary key (log, number)
      )`.execute(db);
    // The last seals of another database: what is cut off there is missed here.
    await sql`
      create table seal_witnesses (
        database text not null,
        log text not null,
        number bigint not null,
        hash bytea not null,
        witnessed_at timestamptz not null default clock_timestamp(),
        primary key (database, log, number)
      )`.execute(db);
  },
};

/** The seals of the logs in a database, and those of another database that it vouches for. */
export const sealMigrations: Record<string, Migration> = { seals_0001_seals: seals };

/** What the running role may add to, and not change. */
export const sealTables: AppendOnly = {
  log_seals: ['log', 'number', 'from_position', 'to_position', 'count', 'hash', 'previous_hash'],
  seal_witnesses: ['database', 'log', 'number', 'hash'],
};
