import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { createTail, type Tail } from '../../lib/eventlog/tail';
import { createCommitNotifier, type CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { createLive } from './live';
import { orderMigrations } from './migrations';
import { seedProduct, seedUserProfile } from '../../tests/support/seeds';
import { details } from '../../tests/support/order-details';
import { createOrderRoutes } from './routes';
import { createOrdersService, type OrdersService } from './service';
import type { OrderTables } from './tables';

const userId = uuidv7();
const readers: AbortController[] = [];
let db: TestDatabase<OrderTables>;
let orders: OrdersService;
let notifiers: CommitNotifier[];
let here: TestApp;
let elsewhere: TestApp;

/** An API process: its own notifier and its own tail over the same database. */
async function startApi(): Promise<{ app: TestApp; notifier: CommitNotifier; service: OrdersService; tail: Tail }> {
  const notifier = createCommitNotifier(db.database);
  const service = createOrdersService({
    details,
    database: db.database,
    notifier,
    clock: () => new Date(),
    ids: uuidv7,
  });
  const tail = createTail({ database: db.database, notifier });
  const app = await createTestApp(createOrderRoutes(service, details, createLive(db.database.kysely, tail)));
  return { app, notifier, service, tail };
}

beforeAll(async () => {
  db = await createTestDatabase<OrderTables>(orderMigrations);
  const [one, two] = [await startApi(), await startApi()];
  [here, elsewhere, orders, notifiers] = [one.app, two.app, one.service, [one.notifier, two.notifier]];
  await seedUserProfile(db.database.kysely, { user_id: userId, email: 'ada@example.com', name: 'Ada' });
  await seedProduct(db.database.kysely, { sku: 'TEA-1', name: 'Green tea', amount: 1250, currency: 'EUR' });
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.abort();
});
afterAll(async () => {
  for (const notifier of notifiers) await notifier.close();
  await db.drop();
});

async function placed(): Promise<string> {
  const request = {
    userId,
    items: [{ sku: 'TEA-1', quantity: 2 }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
    ifUnavailable: 'cancel' as const,
  };
  return (await orders.place(request, { actor: userId, key: uuidv7(), operation: 'POST /orders', requestHash: 'x' }))
    .orderId;
}

interface Heard {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** Reads a stream; `next` gives its next event, comments left out. */
async function read(api: TestApp, path: string, headers: Record<string, string> = {}) {
  const reader = new AbortController();
  readers.push(reader);
  const authorization = headers['authorization'] ?? `Bearer ${await api.token('operator')}`;
  const response = await api.app.request(path, { headers: { ...headers, authorization }, signal: reader.signal });
  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  reader.signal.addEventListener('abort', () => void chunks?.cancel());
  let text = '';
  const stream = {
    status: response.status,
    type: response.headers.get('content-type'),
    leave: () => chunks?.cancel(),
    /** Of all orders one may hear what was committed just before: what is told next of this one, and is of this type. */
    async nextOf(orderId: string, type: string): Promise<Heard> {
      for (;;) {
        const heard = await stream.next();
        const { orderId: of } = heard.data['data'] as { orderId: string };
        if (of === orderId && heard.event === type) return heard;
      }
    },
    async next(): Promise<Heard> {
      for (;;) {
        const end = text.indexOf('\n\n');
        const block = text.slice(0, Math.max(end, 0));
        if (end >= 0) text = text.slice(end + 2);
        const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/, 2) as [string, string]));
        const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
        if (id && event && data) return { id, event, data: JSON.parse(data) as Record<string, unknown> };
        if (end >= 0) continue;
        const chunk = await chunks?.read();
        if (chunk?.value === undefined) throw new Error(`${path} has ended`);
        text += chunk.value;
      }
    },
  };
  return stream;
}

test('a stream of an order begins with its first event, and goes on live', async () => {
  const orderId = await placed();
  const stream = await read(here, `/orders/${orderId}/stream`);
  expect(stream).toMatchObject({ status: 200, type: 'text/event-stream' });
  expect(await stream.next()).toMatchObject({ id: `${orderId}/1`, event: 'order.created', data: { version: 1 } });
  await orders.change(orderId, { type: 'confirm' });
  expect(await stream.next()).toMatchObject({ id: `${orderId}/2`, event: 'order.confirmed' });
});

test('another process streams it, too, but a stream of another order does not', async () => {
  const [watched, other] = [await placed(), await placed()];
  const stream = await read(elsewhere, `/orders/${watched}/stream`);
  await stream.next();
  await orders.change(other, { type: 'confirm' });
  await orders.change(watched, { type: 'cancel', reason: 'customer-request' });
  expect(await stream.next()).toMatchObject({ event: 'order.cancelled', data: { data: { orderId: watched } } });
});

test("its customer's stream leaves out what concerns operators, and goes on", async () => {
  const orderId = await placed();
  const authorization = `Bearer ${await here.token('customer', userId)}`;
  const stream = await read(here, `/orders/${orderId}/stream`, { authorization });
  expect(Object.keys((await stream.next()).data)).toEqual(['version', 'type', 'time', 'data']);
  for (const step of Array.from({ length: 101 }, (_, index) => `step ${index}`))
    await orders.change(orderId, { type: 'need-attention', step, reason: 'no answer' });
  await orders.change(orderId, { type: 'confirm' });
  expect(await stream.next()).toMatchObject({ id: `${orderId}/103`, event: 'order.confirmed', data: { data: {} } });
  const late = await read(here, `/orders/${orderId}/stream`, { authorization, 'last-event-id': `${orderId}/1` });
  expect(await late.next()).toMatchObject({ id: `${orderId}/103` });
});

test('a reader that was cut off goes on after what it has seen', async () => {
  const orderId = await placed();
  await orders.change(orderId, { type: 'confirm' });
  const stream = await read(here, `/orders/${orderId}/stream`, { 'last-event-id': `${orderId}/1` });
  expect(await stream.next()).toMatchObject({ id: `${orderId}/2`, event: 'order.confirmed' });
});

test('operators get the events of all orders from now on, in log order, and resume where they were', async () => {
  await placed();
  const stream = await read(here, '/orders/stream');
  const [first, second] = [await placed(), await placed()];
  const heard = await stream.nextOf(first, 'order.created');
  const following = await stream.next();
  expect(following.data['data']).toMatchObject({ orderId: second });
  await stream.leave();
  const again = await read(elsewhere, '/orders/stream', { 'last-event-id': heard.id });
  expect(await again.next()).toEqual(following);
});

test('an event that an older transaction holds back is sent when that one has ended', async () => {
  const orderId = await placed();
  const stream = await read(here, '/orders/stream');
  const heard = await db.database.kysely.transaction().execute(async (older) => {
    await sql`select pg_current_xact_id()`.execute(older);
    await orders.change(orderId, { type: 'confirm' });
    return { next: stream.nextOf(orderId, 'order.confirmed') };
  });
  expect(await heard.next).toMatchObject({ data: { version: 2 } });
});

test('an id that is not of this stream is refused: going on after it would skip events', async () => {
  const [orderId, other] = [await placed(), await placed()];
  await orders.change(other, { type: 'confirm' });
  const statusOf = async (path: string, id: string) => (await read(here, path, { 'last-event-id': id })).status;
  expect(await statusOf(`/orders/${orderId}/stream`, `${orderId}/1`)).toBe(200);
  expect(await statusOf('/orders/stream', '0-0')).toBe(200);
  for (const id of [`${other}/1`, `${orderId}/2`, `${orderId}/x`, orderId, '1', '0-0'])
    expect({ id, status: await statusOf(`/orders/${orderId}/stream`, id) }).toEqual({ id, status: 400 });
  for (const id of ['999999999999-1', `${orderId}/1`, '1'])
    expect({ id, status: await statusOf('/orders/stream', id) }).toEqual({ id, status: 400 });
});

test.each([
  ['/stream', 'customer', {}, 403],
  ['/stream', 'operator', { 'last-event-id': 'yesterday' }, 400],
  [`/${uuidv7()}/stream`, 'operator', {}, 404],
  ['/mine/stream', 'operator', {}, 400],
] as const)('GET /orders%s as %s with %p is refused with %i', async (path, role, headers, status) => {
  const authorization = `Bearer ${await here.token(role)}`;
  expect((await read(here, `/orders${path}`, { ...headers, authorization })).status).toBe(status);
});

test('a stranger does not learn that there is such an order', async () => {
  const authorization = `Bearer ${await here.token('customer')}`;
  expect((await read(here, `/orders/${await placed()}/stream`, { authorization })).status).toBe(404);
});
