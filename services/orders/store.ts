import { sql, type Kysely } from 'kysely';
import type { IdempotentRequest } from '../../lib/http/idempotency/header';
import { firstIdAt } from '../../lib/ids/ids';
import type { OrderListQuery, PlacedOrderResponse, ReviewRequest } from '../../contracts/http/orders';
import type { Envelope } from '../../lib/aggregate/aggregate';
import { createHandler } from '../../lib/aggregate/handle';
import { folded } from '../../lib/aggregate/loading';
import type { Write } from '../../lib/db/writes';
import { eventsInsert } from '../../lib/eventlog/store';
import type { EventRow } from '../../lib/eventlog/tables';
import { order } from './decide';
import type { Order, OrderEvent } from './domain';
import type { Product } from './pricing';
import { orderList } from './read-models/order-list';
import type { OrderRow, OrderTables } from './tables';

type Db = Kysely<OrderTables>;

/** Commands to a placed order: decided on its own events, and once more when another one was faster. */
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

/** What must be known of the outside world before an order can be placed. */
export interface Wanted {
  userId: string;
  skus: string[];
}
export interface Known {
  userKnown: boolean;
  products: Map<string, Product>;
}

/** Users and products for many orders at once: one round trip, however many wait. */
export async function lookUp(db: Db, batch: Wanted[]): Promise<Known[]> {
  const users = [...new Set(batch.map(({ userId }) => userId))];
  const skus = [...new Set(batch.flatMap((wanted) => wanted.skus))];
  const { rows } = await sql<{ key: string; name: string | null; amount: number; currency: string }>`
    select sku as key, name, amount, currency from products where sku = any(${skus})
    union all
    select user_id::text, null, 0, '' from user_profiles where user_id = any(${users}::uuid[])`.execute(db);
  const known = new Set(rows.filter(({ name }) => name === null).map(({ key }) => key));
  const products = new Map<string, Product>();
  for (const { key, name, amount, currency } of rows) {
    if (name !== null) products.set(key, { sku: key, name, price: { amount, currency } });
  }
  return batch.map(({ userId }) => ({ userKnown: known.has(userId), products }));
}

/** An order that is about to be written, under the idempotency key of its request. */
export interface Placement {
  idempotency: IdempotentRequest;
  response: PlacedOrderResponse;
  events: readonly EventRow[];
  row: OrderRow;
}

/**
 * Writes many orders in one statement: key, events and list row of each, or nothing of it when its key is taken.
 * One round trip and one commit for all that wait; it reports which orders are new.
 * A key that another transaction is just writing is waited for, so afterwards its answer can be read.
 */
export async function placeOrders(db: Db, batch: Placement[]): Promise<boolean[]> {
  // Two batches that take the same keys in different order would wait for each other for ever.
  const sorted = [...batch].sort((a, b) => compareKeys(a.idempotency, b.idempotency));
  const keys = sorted.map(({ idempotency: { actor, key, operation, requestHash }, response, row }) => ({
    actor,
    key,
    operation,
    request_hash: requestHash,
    response,
    order_id: row.order_id,
    created_at: row.placed_at,
  }));
  const events = sorted.flatMap((placement) => placement.events);
  const isFresh = sql`stream in (select ${order.streamOf('')}::text || order_id from fresh)`;
  const rows = sorted.map(({ row }) => row);
  const { rows: fresh } = await sql<{ order_id: string }>`
    with fresh as (
      insert into idempotency_keys (actor, key, operation, request_hash, order_id, response, created_at)
      select actor, key, operation, request_hash, order_id, response, created_at
      from json_populate_recordset(null::idempotency_keys, ${JSON.stringify(keys)}::json)
      on conflict do nothing
      returning order_id
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

/** The last decision of a review that was not refused, as the audit of operators' actions holds it. */
export async function findReview(db: Db, orderId: string): Promise<ReviewRequest | undefined> {
  // Raw SQL: the audit belongs to every database alike, and is in no service's table types.
  const { rows } = await sql<{ request: ReviewRequest }>`
    select request from ops_audit
    where action = 'order review' and target = ${orderId} and outcome::text not like '{"error"%'
    order by id desc limit 1`.execute(db);
  return rows[0]?.request;
}

/** What writes the list row anew after a change, together with the change's events. */
const rowUpdate = ({ order_id, status, version, total_amount, reason, updated_at }: OrderRow): Write => sql`
  update orders set status = ${status}, version = ${version}, total_amount = ${total_amount}, reason = ${reason},
    updated_at = ${updated_at}
  where order_id = ${order_id}`;

/** An order's id and its time are made one after the other; so far apart they may be at most. */
const slackMs = 60_000;

/**
 * One page of the list view, newest first: keyset paging on the id, which sorts by time. A range of times is a range
 * of ids as well, so that every index ends up where the page begins.
 */
export function ordersQuery(db: Db, wanted: OrderListQuery) {
  const { userId, status, from, to, minTotal, maxTotal, currency, cursor, limit } = wanted;
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
