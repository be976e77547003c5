import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { rateLimitTable } from './rate-limiters';

export const rateLimitMigrations: Record<string, Migration> = {
  // Unlogged: counts are not worth a write to the log, and after a crash of the server they begin anew.
  rate_limits_1: {
    up: async (db) => {
      await sql`create unlogged table ${sql.table(rateLimitTable)} (
        key text primary key, points integer not null default 0, expire bigint)`.execute(db);
    },
  },
};
