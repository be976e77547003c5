import { sql, type Kysely, type Migration } from 'kysely';
import { inboxMigrations } from '../../lib/inbox/migrations';

const sales: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table sales (
        order_id uuid primary key,
        currency text not null,
        total bigint not null,
        units int not null,
        items jsonb not null,
        placed_at timestamptz not null,
        confirmed_at timestamptz,
        cancelled_at timestamptz,
        reason text,
        returned_at timestamptz
      )`.execute(db);
    // What the sums read is in the indexes: a month of a large table is a range of one of them.
    await sql`
      create index sales_placed on sales (placed_at) include (confirmed_at, cancelled_at, reason)`.execute(db);
    await sql`
      create index sales_confirmed on sales (confirmed_at) include (currency, total, units)
      where confirmed_at is not null`.execute(db);
    await sql`
      create index sales_taken_back on sales (coalesce(returned_at, cancelled_at)) include (currency, total)
      where confirmed_at is not null and coalesce(returned_at, cancelled_at) is not null`.execute(db);
  },
};

/** Everything the analytics database holds: the inbox, and a row for each order. */
export const analyticsMigrations: Record<string, Migration> = { ...inboxMigrations, analytics_0001_sales: sales };
