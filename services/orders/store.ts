import { sql, type Kysely } from 'kysely';
import type { IdempotentRequest } from '../../lib/http/idempotency/header';
import { answersInsert } from '../../lib/http/idempotency/store';
import { firstIdAt } from '../../lib/ids/ids';
import type { OrderListQuery, PlacedOrderResponse, ReviewRequest } from '../../contracts/http/orders';
import type { Money } from '../../contracts/money';
import type { Envelope } from '../../lib/aggregate/aggregate';
import { createHandler } from '../../lib/aggregate/handle';
import { folded } from '../../lib/aggregate/loading';
import type { Write } from '../../lib/db/writes';
import { eventsInsert } from '../../lib/eventlog/store';
import type { EventRow } from '../../lib/eventlog/tables';
import { order, type Order, type OrderEvent } from './domain';
import { orderList } from './read-models/order-list';
import type { OrderRow, OrderTables } from './tables';

type Db = Kysely<OrderTables>;

/** Commands to a placed order: decided on its events, and again when another command was faster. */
export const orders = createHandler(order, {
  loading: folded(),
  rows: (changes) => changes.map(({ after }) => rowUpdate(listRowOf(after))),
});

/** The row of the list view, as a rebuild makes it: the fold of all facts. */
export function listRowOf({ facts }: Envelope<Order, OrderEvent>): OrderRow {
  const row = facts.reduce<OrderRow | undefined>((before, fact) => orderList.evolve(before, fact), undefined);
  if (!row) throw new Error('An order without events has no row');
  return row;
}

/** A product as the order service knows it: a copy, kept up to date by inventory's events. */
export interface Product {
  sku: string;
  name: string;
  price: Money;
}

/** Whose user and products an order needs. */
export interface CatalogQuery {
  userId: string;
  skus: string[];
}
/** What is known of them: the copies of users and products that this service keeps. */
export interface Catalog {
  hasUser: boolean;
  products: Map<string, Product>;
}

/** Users and products for a batch of orders, in one round trip. */
export async function findCatalog(db: Db, batch: CatalogQuery[]): Promise<Catalog[]> {
  const users = [...new Set(batch.map(({ userId }) => userId))];
  const skus = [...new Set(batch.flatMap((query) => query.skus))];
  const { rows } = await sql<{ key: string; name: string | null; amount: number; currency: string }>`
    select sku as key, name, amount, currency from products where sku = any(${skus})
    union all
    select user_id::text, null, 0, '' from user_profiles where user_id = any(${users}::uuid[])`.execute(db);
  const known = new Set(rows.filter(({ name }) => name === null).map(({ key }) => key));
  const products = new Map<string, Product>();
  for (const { key, name, amount, currency } of rows) {
    if (name !== null) products.set(key, { sku: key, name, price: { amount, currency } });
  }
  return batch.map(({ userId }) => ({ hasUser: known.has(userId), products }));
}

/** An order to be written, under the idempotency key of its request. */
export interface Placement {
  idempotency: IdempotentRequest;
  response: PlacedOrderResponse;
  events: readonly EventRow[];
  row: OrderRow;
}

/**
 * Writes a batch of orders in one statement: key, events and list row of each, or none of them when its key is taken.
 * A key that another transaction is writing is waited for, so its answer can be read afterwards.
 * @returns which orders are new, in the order of the batch.
 */
export async function placeOrders(db: Db, batch: Placement[]): Promise<boolean[]> {
  // Two batches that take the same keys in different orders would deadlock.
  const sorted = [...batch].sort((a, b) => compareKeys(a.idempotency, b.idempotency));
  const answers = sorted.map(({ idempotency, response }) => ({ request: idempotency, response }));
  const events = sorted.flatMap((placement) => placement.events);
  const isFresh = sql`stream in (select ${order.streamOf('')}::text || order_id from fresh)`;
  const rows = sorted.map(({ row }) => row);
  const { rows: fresh } = await sql<{ order_id: string }>`
    with fresh as (
      ${answersInsert(answers)} on conflict do nothing returning (response->>'orderId')::uuid as order_id
    ), recorded as (
      ${eventsInsert(events, { where: isFresh })}
    ), listed as (
      insert into orders
      select r.* from jsonb_populate_recordset(null::orders, ${JSON.stringify(rows)}::jsonb) r join fresh using (order_id)
    )
    select order_id from fresh`.execute(db);
  const written = new Set(fresh.map(({ order_id }) => order_id));
  return batch.map(({ row }) => written.has(row.order_id));
}

const compareKeys = (a: IdempotentRequest, b: IdempotentRequest): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : a.actor < b.actor ? -1 : 1;

/** The last decision on a review that was not refused, from the audit log of operators' actions. */
export async function findReview(db: Db, orderId: string): Promise<ReviewRequest | undefined> {
  // Raw SQL: every database has the audit log, and no service's table types include it.
  const { rows } = await sql<{ request: ReviewRequest }>`
    select request from ops_audit
    where action = 'order review' and target = ${orderId} and outcome::text not like '{"error"%'
    order by id desc limit 1`.execute(db);
  return rows[0]?.request;
}

/**
 * The order with an id, or the order that a request was about, by its correlation id or its trace id. Events that a saga
 * caused carry the ids of the request that placed the order.
 */
export async function findOrderOf(db: Db, id: string): Promise<string | undefined> {
  // Raw SQL: each part has its own index; of events with a causation id, the first cause has the same ids.
  const { rows } = await sql<{ orderId: string }>`
    select data->>'orderId' as "orderId" from events
    where metadata->>'causationId' is null and metadata->>'correlationId' = ${id}
    union all
    select data->>'orderId' from events
    where metadata->>'causationId' is null and substr(metadata->>'traceparent', 4, 32) = ${id}
    union all
    select data->>'orderId' from events where stream = ${order.streamOf(id)} and version = 1
    limit 1`.execute(db);
  return rows[0]?.orderId;
}

/** Updates the list row, together with the events of the change. */
const rowUpdate = ({ order_id, status, version, total_amount, reason, updated_at }: OrderRow): Write => sql`
  update orders set status = ${status}, version = ${version}, total_amount = ${total_amount}, reason = ${reason},
    updated_at = ${updated_at}
  where order_id = ${order_id}`;

/** How far an order's id and its time may be apart, as they are made one after the other. */
const slackMs = 60_000;

/**
 * One page of the list view, newest first: keyset paging on the id, which sorts by time. A range of times is also a range
 * of ids, so every index leads straight to the beginning of the page.
 */
export function ordersQuery(db: Db, filter: OrderListQuery) {
  const { userId, status, from, to, minTotal, maxTotal, currency, cursor, limit } = filter;
  let query = db.selectFrom('orders').selectAll();
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (from) query = query.where('placed_at', '>=', from).where('order_id', '>=', firstIdAt(shifted(from, -slackMs)));
  if (to) query = query.where('placed_at', '<', to).where('order_id', '<', firstIdAt(shifted(to, slackMs)));
  if (minTotal !== undefined) query = query.where('total_amount', '>=', minTotal);
  if (maxTotal !== undefined) query = query.where('total_amount', '<=', maxTotal);
  if (currency !== undefined) query = query.where('currency', '=', currency);
  if (cursor !== undefined) query = query.where('order_id', '<', cursor);
  return query.orderBy('order_id', 'desc').limit(limit + 1);
}

const shifted = (time: Date, ms: number): Date => new Date(time.getTime() + ms);

export const listOrders = (db: Db, query: OrderListQuery): Promise<OrderRow[]> => ordersQuery(db, query).execute();
