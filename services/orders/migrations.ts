import { sql, type Kysely, type Migration } from 'kysely';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { inboxMigrations } from '../../lib/inbox/migrations';

const tables: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table orders (
        order_id uuid primary key,
        user_id uuid not null,
        status text not null,
        version int not null,
        total_amount bigint not null,
        currency text not null,
        reason text,
        placed_at timestamptz not null,
        updated_at timestamptz not null
      )`.execute(db);
    await sql`create index orders_of_user on orders (user_id, order_id desc)`.execute(db);
    await sql`create index orders_by_status on orders (status, order_id desc)`.execute(db);
    await sql`
      create table idempotency_keys (
        actor text not null,
        key text not null,
        request_hash text not null,
        order_id uuid not null,
        response json not null,
        created_at timestamptz not null,
        primary key (actor, key)
      )`.execute(db);
  },
};

const readModels: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table user_profiles (user_id uuid primary key, email text not null, name text not null)`.execute(
      db,
    );
    await sql`
      create table products (sku text primary key, name text not null, amount bigint not null, currency text not null)
    `.execute(db);
  },
};

/** For lists by total, which are long or rare: either way PostgreSQL has an index that leads there. */
const byTotal: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index orders_by_total on orders (total_amount, order_id desc)`.execute(db);
  },
};

/** For a currency that is rare; a frequent one is found wherever one looks. */
const byCurrency: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index orders_by_currency on orders (currency, order_id desc)`.execute(db);
  },
};

/** Everything the orders database holds: the log, the inbox, the list of orders, and the copies of users and products. */
export const orderMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...inboxMigrations,
  orders_0001_tables: tables,
  orders_0002_read_models: readModels,
  orders_0003_by_total: byTotal,
  orders_0004_by_currency: byCurrency,
};
