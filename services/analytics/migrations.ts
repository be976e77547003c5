import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { inboxMigrations } from '../../lib/inbox/migrations';

const tables: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table sales (
        order_id uuid primary key,
        status text not null,
        currency text not null,
        total bigint not null,
        units int not null,
        items jsonb not null,
        placed_at timestamptz not null,
        confirmed_at timestamptz,
        cancelled_at timestamptz,
        reason text,
        delivered_at timestamptz,
        returned_at timestamptz,
        refunded_at timestamptz
      )`.execute(db);
    // Each index covers its query, so a range of time is read from the index alone.
    await sql`
      create index sales_confirmed on sales (confirmed_at) include (currency, total, units)
      where confirmed_at is not null`.execute(db);
    await sql`
      create index sales_refunded on sales (refunded_at) include (currency, total)
      where refunded_at is not null`.execute(db);
    await sql`
      create index sales_placed on sales (placed_at) include (currency, confirmed_at, cancelled_at, reason)`.execute(
      db,
    );
    await sql`create table product_names (sku text primary key, name text not null)`.execute(db);
  },
};

/** Everything the analytics database holds: the inbox, a row per order, the names of products. */
export const analyticsMigrations: Record<string, Migration> = { ...inboxMigrations, analytics_0001_tables: tables };
