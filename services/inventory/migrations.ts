import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { effectMigrations } from '../../lib/effects/migrations';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { idempotencyMigrations } from '../../lib/http/idempotency/migrations';

const products: Migration = {
  async up(db: Kysely<unknown>) {
    // Collation "C": rows are locked and paged by SKU, in the same order on every machine.
    await sql`
      create table products (
        sku text collate "C" primary key,
        name text not null,
        amount bigint not null check (amount >= 0),
        currency text not null,
        version int not null
      )`.execute(db);
  },
};

const stock: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table stock (
        sku text collate "C" primary key references products,
        version int not null,
        available bigint not null check (available >= 0),
        reserved bigint not null check (reserved >= 0),
        shipped bigint not null check (shipped >= 0)
      )`.execute(db);
    await sql`
      create table reservations (
        order_id uuid not null,
        sku text collate "C" not null references stock,
        quantity bigint not null check (quantity > 0),
        primary key (order_id, sku)
      )`.execute(db);
  },
};

/** A rebuild replaces the whole table of a read model, so no other table may reference it. */
const noForeignKeys: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table stock drop constraint stock_sku_fkey`.execute(db);
    await sql`alter table reservations drop constraint reservations_sku_fkey`.execute(db);
  },
};

/** For returns: what was shipped for an order. */
const shippedByOrder: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create index events_shipped_by_order on events ((data->>'orderId')) where type = 'stock.shipped'`.execute(db);
  },
};

/** For whoever looks into an order: what else happened to stock for it. */
const movedByOrder: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create index events_moved_by_order on events ((data->>'orderId'))
      where type in ('stock.reserved', 'stock.released', 'stock.returned')`.execute(db);
  },
};

/** Everything the inventory database holds: the log, the effects, products, stock, reservations. */
export const inventoryMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...idempotencyMigrations,
  ...effectMigrations,
  inventory_0001_products: products,
  inventory_0002_stock: stock,
  inventory_0003_no_foreign_keys: noForeignKeys,
  inventory_0004_shipped_by_order: shippedByOrder,
  inventory_0005_moved_by_order: movedByOrder,
};
