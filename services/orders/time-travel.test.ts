import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { PlaceOrderRequest } from '../../contracts/http/orders';
import { foldStream } from '../../lib/aggregate/loading';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { createLive } from './live';
import { order, type OrderCommand } from './domain';
import { orderMigrations } from './migrations';
import { seedProduct, seedUserProfile } from '../../tests/support/seeds';
import { details } from '../../tests/support/order-details';
import { createOrderRoutes } from './routes';
import { createOrdersService, type OrdersService, type OrderSnapshot } from './service';
import { listRowOf } from './store';
import type { OrderTables } from './tables';

const userId = uuidv7();
let db: TestDatabase<OrderTables>;
let orders: OrdersService;
let http: TestApp;

beforeAll(async () => {
  db = await createTestDatabase<OrderTables>(orderMigrations);
  const notifier = { notify: () => undefined };
  orders = createOrdersService({ details, database: db.database, notifier, clock: () => new Date(), ids: uuidv7 });
  http = await createTestApp(
    createOrderRoutes(orders, details, createLive(db.database.kysely, { subscribe: () => () => undefined })),
  );
  await seedUserProfile(db.database.kysely, { user_id: userId, email: 'ada@example.com', name: 'Ada' });
  await seedProduct(db.database.kysely, { sku: 'TEA-1', name: 'Green tea', amount: 1250, currency: 'EUR' });
  await seedProduct(db.database.kysely, { sku: 'CUP-1', name: 'Cup', amount: 800, currency: 'EUR' });
});
afterAll(() => db.drop());

const get = (path: string, headers?: Record<string, string>) => http.call('GET', path, undefined, headers);

/** An order that was placed over HTTP and cancelled some milliseconds later. */
async function cancelledOrder(): Promise<string> {
  const order = {
    userId,
    items: [{ sku: 'TEA-1', quantity: 2 }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  };
  const placed = await http.call('POST', '/orders', order, { 'idempotency-key': uuidv7(), 'x-correlation-id': 'buy' });
  const { orderId } = placed.body as { orderId: string };
  await sleep(5);
  await orders.change(orderId, { type: 'cancel', reason: 'out-of-stock', detail: 'TEA-1: 2 wanted, 0 available' });
  return orderId;
}

test('an order is shown as it was at a version', async () => {
  const orderId = await cancelledOrder();
  expect((await get(`/orders/${orderId}`)).body).toMatchObject({ status: 'cancelled', version: 2 });
  const first = await get(`/orders/${orderId}?version=1`);
  expect(first.body).toMatchObject({ status: 'placed', version: 1, timeline: [{ type: 'order.created' }] });
  expect(first.body['reason']).toBeUndefined();
});

test('an order is shown as it was at a time: the event of that very moment included', async () => {
  const orderId = await cancelledOrder();
  const { placedAt, updatedAt } = (await get(`/orders/${orderId}`)).body as { placedAt: string; updatedAt: string };
  const statusAt = async (time: number) => (await get(`/orders/${orderId}?at=${new Date(time).toISOString()}`)).body;
  expect(await statusAt(Date.parse(placedAt))).toMatchObject({ status: 'placed' });
  expect(await statusAt(Date.parse(updatedAt) - 1)).toMatchObject({ status: 'placed' });
  expect(await statusAt(Date.parse(updatedAt))).toMatchObject({ status: 'cancelled' });
  expect(await statusAt(Date.parse(placedAt) - 1)).toMatchObject({ status: 404 });
});

test('processes whose clocks differ agree on what an order was at a time', async () => {
  const notifier = { notify: () => undefined };
  const behind = () => new Date(Date.now() - 3_600_000);
  const other = createOrdersService({ details, database: db.database, notifier, clock: behind, ids: uuidv7 });
  const orderId = await cancelledOrder();
  await other.change(orderId, { type: 'need-attention', step: 'refundPayment', reason: 'no answer' });
  const folded = await orders.get(orderId);
  expect(folded.updatedAt).toEqual(folded.timeline[1]?.time);
  expect((await get(`/orders/${orderId}?at=${folded.updatedAt.toISOString()}`)).body).toMatchObject({ version: 3 });
  expect((await get(`/orders/${orderId}?at=${behind().toISOString()}`)).status).toBe(404);
  const row = await db.database.kysely
    .selectFrom('orders')
    .selectAll()
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  expect(row).toEqual(listRowOf(await foldStream(order, db.database.kysely, orderId)));
});

test.each([
  ['?version=0', 400],
  ['?version=two', 400],
  ['?at=yesterday', 400],
  ['?version=1&at=2026-01-01T00:00:00Z', 400],
  ['?when=now', 400],
  ['?version=3', 404],
  ['?version=99999999999', 404],
])('GET /orders/:id%s is refused with %i', async (query, status) => {
  expect((await get(`/orders/${await cancelledOrder()}${query}`)).status).toBe(status);
});

test('the history shows who did what, when and why', async () => {
  const orderId = await cancelledOrder();
  const { status, body } = await get(`/orders/${orderId}/events`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    items: [
      { version: 1, type: 'order.created', actor: expect.any(String), correlationId: 'buy', data: { orderId } },
      { version: 2, type: 'order.cancelled', reason: 'out-of-stock', raw: { dataVersion: 3, data: { orderId } } },
    ],
  });
});

test('its customer reads in it what happened, and nothing of how', async () => {
  const orderId = await cancelledOrder();
  const reason = 'relation "operations" does not exist';
  await orders.change(orderId, { type: 'need-attention', step: 'refundPayment', reason });
  const own = { authorization: `Bearer ${await http.token('customer', userId)}` };
  const message = 'TEA-1: 2 wanted, 0 available';
  const [shown, history] = [await get(`/orders/${orderId}`, own), await get(`/orders/${orderId}/events`, own)];
  expect(shown.body).toMatchObject({ version: 3, reason: 'out-of-stock', message });
  const { items } = history.body as { items: object[] };
  expect(items).toMatchObject([
    { version: 1, type: 'order.created', data: { items: [{ sku: 'TEA-1' }] } },
    { version: 2, type: 'order.cancelled', data: { reason: 'out-of-stock', message } },
  ]);
  for (const item of items) expect(Object.keys(item)).toEqual(['version', 'type', 'time', 'data']);
  expect(JSON.stringify([shown.body, items])).not.toMatch(/relation|refundPayment|attention|tok_ok|correlation|"buy"/);
  expect((await get(`/orders/${orderId}/events?cursor=2`, own)).body).toEqual({ items: [] });
});

test('the history comes in pages', async () => {
  const orderId = await cancelledOrder();
  const first = (await get(`/orders/${orderId}/events?limit=1`)).body;
  expect(first).toMatchObject({ items: [{ version: 1 }], nextCursor: '1' });
  const second = (await get(`/orders/${orderId}/events?limit=1&cursor=1`)).body;
  expect(second).toMatchObject({ items: [{ version: 2 }] });
  expect(second['nextCursor']).toBeUndefined();
});

test('a stranger does not learn that an order exists, whatever is asked for', async () => {
  const orderId = await cancelledOrder();
  const stranger = { authorization: `Bearer ${await http.token('customer')}` };
  for (const path of ['', '?version=1', '?version=99', '/events']) {
    const { status, body } = await get(`/orders/${orderId}${path}`, stranger);
    expect({ status, detail: body['detail'] }).toEqual({ status: 404, detail: `There is no order ${orderId}` });
  }
  expect((await get(`/orders/${uuidv7()}/events`)).status).toBe(404);
});

/** Every way that an order can go, as far as it has come. */
const lives: OrderCommand[][] = [
  [],
  [{ type: 'confirm' }],
  [{ type: 'request-review', reason: 'total above the threshold' }],
  [
    { type: 'request-review', reason: 'the payment was flagged' },
    { type: 'cancel', reason: 'review-rejected' },
  ],
  [{ type: 'reduce', dropped: ['CUP-1'] }, { type: 'confirm' }, { type: 'ship' }, { type: 'deliver' }],
  [{ type: 'confirm' }, { type: 'request-cancellation' }, { type: 'cancel', reason: 'customer-request' }],
  [{ type: 'need-attention', step: 'capturePayment', reason: 'no answer' }, { type: 'confirm' }, { type: 'ship' }],
  [
    { type: 'reduce', dropped: ['TEA-1'] },
    { type: 'request-review', reason: 'total above the threshold' },
    { type: 'confirm' },
    { type: 'ship' },
    { type: 'deliver' },
    { type: 'request-return' },
    { type: 'complete-return' },
  ],
];

/** Some at a time: all at once would wait too long for a connection. */
async function eachOf<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await run(item);
  };
  await Promise.all(Array.from({ length: 30 }, lane));
}

test('after 2,000 orders of every kind, folding the log gives the list view, and any time what was seen then', async () => {
  const request: PlaceOrderRequest = {
    ifUnavailable: 'ship_rest',
    userId,
    items: [
      { sku: 'TEA-1', quantity: 1 },
      { sku: 'CUP-1', quantity: 2 },
    ],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  };
  const seen: { orderId: string; at: Date; then: OrderSnapshot }[] = [];
  const see = async (orderId: string, then: OrderSnapshot): Promise<void> => {
    seen.push({ orderId, at: new Date(), then });
    // What happens next has a later time.
    await sleep(2);
  };
  const ids: string[] = [];
  await eachOf(
    Array.from({ length: 2_000 }, (_, index) => lives[index % lives.length] ?? []),
    async (life) => {
      const { orderId } = await orders.place(request, {
        actor: userId,
        key: uuidv7(),
        operation: 'POST /orders',
        requestHash: '',
      });
      ids.push(orderId);
      await see(orderId, await orders.get(orderId));
      for (const command of life) {
        await see(orderId, await orders.change(orderId, command));
      }
    },
  );

  const { kysely } = db.database;
  const rows = await kysely.selectFrom('orders').selectAll().where('order_id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.order_id, row]));
  await eachOf(ids, async (orderId) => {
    expect(listRowOf(await foldStream(order, kysely, orderId))).toEqual(byId.get(orderId));
  });
  expect(new Set(rows.map(({ status }) => status)).size).toBe(7);
  await eachOf(seen, async ({ orderId, at, then }) => {
    expect(await orders.get(orderId, { until: at })).toEqual(then);
  });
}, 300_000);
