import { sql, type Kysely, type Migration } from 'kysely';
import { inboxMigrations } from '../../lib/inbox/migrations';

const counts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table catalogue (sku text primary key, name text not null)`.execute(db);
    await sql`
      create table baskets (order_id uuid primary key, skus text[] not null, counted boolean not null)`.execute(db);
    await sql`create table product_counts (sku text primary key, orders int not null)`.execute(db);
    await sql`create index product_counts_popular on product_counts (orders desc, sku)`.execute(db);
    await sql`
      create table pair_counts (sku text, other text, orders int not null, primary key (sku, other))`.execute(db);
    // The best partners of a product are the first entries of its part of this index.
    await sql`create index pair_counts_best on pair_counts (sku, orders desc) include (other)`.execute(db);
    await sql`create table order_count (orders int not null)`.execute(db);
    await sql`insert into order_count (orders) values (0)`.execute(db);
  },
};

/** Everything the recommendations database holds: the inbox, baskets, and what was counted of them. */
export const recommendationMigrations: Record<string, Migration> = {
  ...inboxMigrations,
  recommendations_0001_counts: counts,
};
