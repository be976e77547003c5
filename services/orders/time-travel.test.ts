import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { PlaceOrderRequest } from '../../contracts/http/orders';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';
import { createLive } from './live';
import { loadOrder } from './history';
import { orderMigrations } from './migrations';
import { seedProduct, seedUserProfile } from '../../tests/support/seeds';
import { createOrderRoutes } from './routes';
import { createOrdersService, type OrdersService } from './service';
import type { OrderTables } from './tables';

const userId = uuidv7();
let db: TestDatabase<OrderTables>;
let orders: OrdersService;
let http: TestApp;

beforeAll(async () => {
  db = await createTestDatabase<OrderTables>(orderMigrations);
  const waker = { wake: () => undefined };
  orders = createOrdersService({ database: db.database, waker, clock: () => new Date(), ids: uuidv7 });
  http = await createTestApp(
    createOrderRoutes(orders, createLive(db.database.kysely, { follow: () => () => undefined })),
  );
  await seedUserProfile(db.database.kysely, { user_id: userId, email: 'ada@example.com', name: 'Ada' });
  await seedProduct(db.database.kysely, { sku: 'TEA-1', name: 'Green tea', amount: 1250, currency: 'EUR' });
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

test('the audit trail tells who did what, when and why', async () => {
  const orderId = await cancelledOrder();
  const { status, body } = await get(`/orders/${orderId}/events`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    items: [
      { version: 1, type: 'order.created', actor: expect.any(String), correlationId: 'buy', data: { orderId } },
      { version: 2, type: 'order.cancelled', reason: 'out-of-stock', raw: { dataVersion: 1, data: { orderId } } },
    ],
  });
});

test('the audit trail comes in pages', async () => {
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

test('after 2,000 orders of every kind, folding the log gives the list view, and any time what was seen then', async () => {
  const request: PlaceOrderRequest = {
    ifUnavailable: 'cancel',
    userId,
    items: [{ sku: 'TEA-1', quantity: 1 }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  };
  const seen: { orderId: string; at: Date; status: string }[] = [];
  const look = async (orderId: string): Promise<void> => {
    const { order, updatedAt } = await orders.get(orderId);
    seen.push({ orderId, at: updatedAt, status: order.status });
  };
  const live = async (index: number): Promise<string> => {
    const { orderId } = await orders.place(request, { actor: userId, key: uuidv7(), requestHash: '' });
    await look(orderId);
    await sleep(2);
    if (index % 3 > 0) await orders.change(orderId, { type: 'confirm' });
    await look(orderId);
    await sleep(2);
    if (index % 4 === 0) await orders.change(orderId, { type: 'cancel', reason: 'customer-request' });
    await look(orderId);
    return orderId;
  };
  const ids = await Promise.all(Array.from({ length: 2_000 }, (_, index) => live(index)));

  const { kysely } = db.database;
  for (const orderId of ids) {
    const folded = await loadOrder(kysely, orderId);
    const row = await kysely.selectFrom('orders').selectAll().where('order_id', '=', orderId).executeTakeFirst();
    expect(folded?.row).toEqual(row);
  }
  for (const { orderId, at, status } of seen) {
    expect((await orders.get(orderId, { until: at })).order.status).toBe(status);
  }
}, 60_000);
