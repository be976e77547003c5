import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { idempotencyMigrations } from '../../lib/http/idempotency/migrations';
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
      create table if not exists idempotency_keys (
        actor text not null,
        key text not null,
        request_hash text not null,
        response json not null,
        created_at timestamptz not null,
        primary key (actor, key)
      )`.execute(db);
    await sql`alter table idempotency_keys add column order_id uuid not null`.execute(db);
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

/** For lists filtered by total. */
const byTotal: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index orders_by_total on orders (total_amount, order_id desc)`.execute(db);
  },
};

/** For rare currencies; frequent ones are found by the other indexes. */
const byCurrency: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create index orders_by_currency on orders (currency, order_id desc)`.execute(db);
  },
};

/**
 * Actors, and keys that are UUIDs, are compared in lower case: a request repeated after this migration finds its order.
 * Of two keys that differ only in case, and so made two orders, one is renamed.
 */
const lowerCaseKeys: Migration = {
  async up(db: Kysely<unknown>) {
    const uuid = '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$';
    await sql`
      with lower_case as (
        select actor, key, lower(actor) as new_actor,
          case when key ~ ${sql.lit(uuid)} then lower(key) else key end as new_key
        from idempotency_keys
      ), renamed as (
        select distinct on (new_actor, new_key) * from lower_case
        where (new_actor, new_key) <> (actor, key)
          and not exists (select from idempotency_keys taken where taken.actor = new_actor and taken.key = new_key)
        order by new_actor, new_key, actor, key
      )
      update idempotency_keys k set actor = new_actor, key = new_key
      from renamed where k.actor = renamed.actor and k.key = renamed.key`.execute(db);
  },
};

/** Not every stored request places an order; the order's id is in the response. */
const keysWithoutOrder: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table idempotency_keys alter column order_id drop not null`.execute(db);
  },
};

/**
 * For whoever looks into an order and has the id of a request or of a trace. Only events that a request led to directly:
 * two or three of an order, so that writing the others costs nothing more.
 */
const byRequest: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create index events_by_correlation on events ((metadata->>'correlationId'))
      where metadata->>'causationId' is null`.execute(db);
    await sql`
      create index events_by_trace on events (substr(metadata->>'traceparent', 4, 32))
      where metadata->>'causationId' is null`.execute(db);
  },
};

/** Everything the orders database holds: the log, the inbox, the list of orders, and the copies of users and products. */
export const orderMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...inboxMigrations,
  ...idempotencyMigrations,
  orders_0001_tables: tables,
  orders_0002_read_models: readModels,
  orders_0003_by_total: byTotal,
  orders_0004_by_currency: byCurrency,
  orders_0005_lower_case_keys: lowerCaseKeys,
  orders_0006_keys_without_order: keysWithoutOrder,
  orders_0007_by_request: byRequest,
};
