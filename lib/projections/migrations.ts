import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { shadowFunctions } from './shadow-functions';

const rebuilds: Migration = {
  async up(db: Kysely<unknown>) {
    // The shadow table of each projection, if it has one: its progress and its version.
    await sql`
      create table projection_rebuilds (
        projection text primary key,
        version int not null,
        phase text not null,
        fill_stream text not null,
        fill_version int not null,
        cursor_xid xid8 not null,
        cursor_position bigint not null,
        done bigint not null,
        total bigint not null,
        started_at timestamptz not null default clock_timestamp(),
        changed_at timestamptz not null default clock_timestamp()
      )`.execute(db);
    // The version of the live table; a projection that was never rebuilt has version 1.
    await sql`
      create table projections_built (
        projection text primary key,
        version int not null,
        built_at timestamptz not null default clock_timestamp()
      )`.execute(db);
  },
};

const whole: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table projection_rebuilds add column whole boolean not null default false`.execute(db);
  },
};

/** Tables with the progress of rebuilds, and the versions of live tables. */
export const projectionMigrations: Record<string, Migration> = {
  projections_0001_rebuilds: rebuilds,
  projections_0002_whole: whole,
  projections_0003_shadow_functions: shadowFunctions,
};
