import { sql, type Kysely, type Migration } from 'kysely';

const audit: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table ops_audit (
        id bigint generated always as identity primary key,
        time timestamptz not null default clock_timestamp(),
        actor text not null,
        action text not null,
        target text not null,
        request json not null,
        outcome json not null
      )`.execute(db);
  },
};

/** What operators did to what is in this database, or on its way there. */
export const opsMigrations: Record<string, Migration> = { ops_0001_audit: audit };
