import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { inboxMigrations } from '../../lib/inbox/migrations';

const tables: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table baskets (order_id uuid primary key, skus jsonb not null, counts boolean not null)`.execute(
      db,
    );
    await sql`create table advised_products (sku text primary key, name text not null)`.execute(db);
    await sql`
      create table product_counts (
        sku text not null,
        baskets bigint not null,
        primary key (sku) include (baskets)
      )`.execute(db);
    await sql`create index product_counts_popular on product_counts (baskets desc, sku) where baskets > 0`.execute(db);
    await sql`
      create table pair_counts (
        sku text not null,
        other text not null,
        together bigint not null,
        primary key (sku, other)
      )`.execute(db);
    // The companions of a product, most frequent first, from the index alone.
    await sql`
      create index pair_counts_companions on pair_counts (sku, together desc, other) where together > 0`.execute(db);
    await sql`create table basket_totals (baskets bigint not null, counted_table oid not null)`.execute(db);
    await sql`create unique index basket_totals_one on basket_totals ((true))`.execute(db);
    await sql`insert into basket_totals values (0, 'baskets'::regclass)`.execute(db);
  },
};

/** Everything the recommendations database holds: the inbox, the baskets, and what is counted of them. */
export const recommendationMigrations: Record<string, Migration> = {
  ...inboxMigrations,
  recommendations_0001_tables: tables,
};
