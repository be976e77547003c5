import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { PlaceOrderRequest } from '../../contracts/http/orders';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { foldStream } from '../../lib/aggregate/loading';
import { order } from './domain';
import { orderMigrations } from './migrations';
import { seedProduct, seedUserProfile } from '../../tests/support/seeds';
import { details } from '../../tests/support/order-details';
import { createOrdersService, type OrdersService } from './service';
import { listRowOf } from './store';
import type { OrderTables } from './tables';

const userId = uuidv7();
let db: TestDatabase<OrderTables>;
let orders: OrdersService;

beforeAll(async () => {
  db = await createTestDatabase<OrderTables>(orderMigrations);
  orders = createOrdersService({
    details,
    database: db.database,
    notifier: { notify: () => undefined },
    clock: () => new Date(),
    ids: uuidv7,
  });
  const { kysely } = db.database;
  await seedUserProfile(kysely, { user_id: userId, email: 'ada@example.com', name: 'Ada' });
  await seedProduct(kysely, { sku: 'TEA-1', name: 'Green tea', amount: 1250, currency: 'EUR' });
});
afterAll(() => db.drop());

const request = (change: Partial<PlaceOrderRequest> = {}): PlaceOrderRequest => ({
  userId,
  items: [{ sku: 'TEA-1', quantity: 2 }],
  payment: { token: 'tok_ok' },
  shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  ifUnavailable: 'cancel',
  ...change,
});
const under = (key: string, requestHash = 'same') => ({ actor: userId, key, operation: 'POST /orders', requestHash });

test('the payment token and the address are sealed in the log, which every service receives', async () => {
  const { orderId } = await orders.place(request(), under(uuidv7()));
  const logged = await db.database.kysely
    .selectFrom('events')
    .select('data')
    .where('stream', '=', `order-${orderId}`)
    .execute();
  expect(logged).toMatchObject([{ data: { destination: 'GB', details: expect.any(String) as unknown } }]);
  expect(JSON.stringify(logged)).not.toMatch(/tok_ok|St James|London|SW1Y/);
});

async function placed(): Promise<string> {
  const { orderId } = await orders.place(request(), under(uuidv7()));
  return orderId;
}

async function listRow(orderId: string) {
  return db.database.kysely.selectFrom('orders').selectAll().where('order_id', '=', orderId).executeTakeFirstOrThrow();
}

async function eventCount(): Promise<number> {
  const { count } = await db.database.kysely
    .selectFrom('events')
    .select((q) => q.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

test('a command to an unknown order is refused with its id', async () => {
  const orderId = uuidv7();
  const refused = { code: 'not-found', message: `There is no order ${orderId}` };
  await expect(orders.change(orderId, { type: 'confirm' })).rejects.toMatchObject(refused);
  await expect(orders.get(orderId)).rejects.toMatchObject(refused);
});

test('20 concurrent requests with one key place one order and get one answer', async () => {
  const before = await eventCount();
  const answers = await Promise.all(Array.from({ length: 20 }, () => orders.place(request(), under('one-key'))));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await eventCount()).toBe(before + 1);
});

test('the same key with another body is refused, and changes nothing', async () => {
  await orders.place(request(), under('reused', 'first body'));
  const before = await eventCount();
  await expect(orders.place(request(), under('reused', 'other body'))).rejects.toMatchObject({
    code: 'idempotency-key-reused',
  });
  expect(await eventCount()).toBe(before);
});

test('a key belongs to its actor: another one may use the same', async () => {
  const mine = await orders.place(request(), {
    actor: 'a',
    key: 'shared',
    operation: 'POST /orders',
    requestHash: 'x',
  });
  const theirs = await orders.place(request(), {
    actor: 'b',
    key: 'shared',
    operation: 'POST /orders',
    requestHash: 'x',
  });
  expect(theirs.orderId).not.toBe(mine.orderId);
});

test('orders that wait together are written together, and a refused one harms no other', async () => {
  const unknown = request({ items: [{ sku: 'NONE', quantity: 1 }] });
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => orders.place(index % 10 ? request() : unknown, under(uuidv7()))),
  );
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(45);
});

test('waits for a product that is still on its way through the broker', async () => {
  const late = { sku: 'LATE-1', name: 'Late tea', amount: 100, currency: 'EUR' };
  const placing = orders.place(request({ items: [{ sku: late.sku, quantity: 1 }] }), under(uuidv7()));
  await seedProduct(db.database.kysely, late);
  await expect(placing).resolves.toMatchObject({ total: { amount: 100, currency: 'EUR' } });
});

test.each([
  ['unknown-user', request({ userId: uuidv7() })],
  ['unknown-product', request({ items: [{ sku: 'NONE', quantity: 1 }] })],
])('refuses an order with %s and writes nothing', async (code, body) => {
  const before = await eventCount();
  await expect(orders.place(body, under(uuidv7()))).rejects.toMatchObject({ code });
  expect(await eventCount()).toBe(before);
});

test('the list row is what folding the stream gives, after every change', async () => {
  const orderId = await placed();
  for (const change of [
    () => orders.change(orderId, { type: 'confirm' }),
    () => orders.change(orderId, { type: 'cancel', reason: 'customer-request', detail: 'twice' }),
  ]) {
    await change();
    expect(await listRow(orderId)).toEqual(listRowOf(await foldStream(order, db.database.kysely, orderId)));
  }
  expect((await orders.get(orderId)).timeline.map(({ type }) => type)).toEqual([
    'order.created',
    'order.confirmed',
    'order.cancelled',
  ]);
});

test('five concurrent confirms append one event', async () => {
  const orderId = await placed();
  await Promise.all(Array.from({ length: 5 }, () => orders.change(orderId, { type: 'confirm' })));
  expect((await orders.get(orderId)).version).toBe(2);
});

test('pages through a user’s orders, newest first, each once', async () => {
  const owner = uuidv7();
  await seedUserProfile(db.database.kysely, { user_id: owner, email: 'bob@example.com', name: 'Bob' });
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    ids.push((await orders.place(request({ userId: owner }), under(uuidv7()))).orderId);
  }
  const first = await orders.list({ userId: owner, limit: 2 });
  expect(first.map(({ order_id }) => order_id).slice(0, 2)).toEqual(ids.slice(-2).reverse());
  const next = await orders.list({ userId: owner, limit: 50, cursor: ids[3] });
  expect(next.map(({ order_id }) => order_id)).toEqual(ids.slice(0, 3).reverse());
});
