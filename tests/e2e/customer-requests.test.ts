import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let userId: string;
const shop = createShop(() => platform);
const large = { amount: 100_000, currency: 'EUR' };

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
  userId = await shop.user();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const post = (path: string, body: unknown, token?: string) =>
  platform.call('POST', path, body, token === undefined ? {} : { token });
const becomes = (orderId: string, status: string) =>
  eventually(async () => {
    const { body } = await platform.call('GET', `/orders/${orderId}`);
    expect(body).toMatchObject({ status });
    return body;
  }, 30_000);

async function carrier(orderId: string, status: string): Promise<void> {
  const { body } = await platform.call('GET', `/shipments?orderId=${orderId}`);
  const [shipment] = body['items'] as { shipmentId: string }[];
  const secret = { CARRIER_WEBHOOK_SECRET: world.env['CARRIER_WEBHOOK_SECRET'] ?? '' };
  expect(await sagaworks(platform, ['carrier', shipment?.shipmentId ?? '', status], secret)).toMatchObject({ code: 0 });
}

test('an order goes to its customer and back: shipped, delivered, returned; money and stock follow', async () => {
  const sku = await shop.product(5);
  const orderId = await shop.order({ userId, sku, quantity: 2 });
  await shop.end(orderId);
  expect(await post(`/orders/${orderId}/return`, {})).toMatchObject({
    status: 409,
    body: { code: 'order-not-returnable' },
  });
  await carrier(orderId, 'delivered');
  await carrier(orderId, 'dispatched');
  await becomes(orderId, 'delivered');
  expect(await shop.stock(sku)).toMatchObject({ available: 3, reserved: 0, shipped: 2 });
  expect(await post(`/orders/${orderId}/cancel`, {})).toMatchObject({
    status: 409,
    body: { code: 'order-not-cancellable' },
  });

  expect(await post(`/orders/${orderId}/return`, { reason: 'too green' })).toMatchObject({ status: 202 });
  expect(await post(`/orders/${orderId}/return`, { reason: 'too green' })).toMatchObject({ status: 202 });
  await becomes(orderId, 'returned');
  expect(await shop.stock(sku)).toMatchObject({ available: 5, reserved: 0, shipped: 0 });
  const { body } = await platform.call('GET', `/payments?orderId=${orderId}`);
  expect(body['items']).toMatchObject([{ status: 'refunded' }]);
}, 90_000);

test('a confirmed order is cancelled by its customer, and everything is undone', async () => {
  const sku = await shop.product(5);
  const orderId = await shop.order({ userId, sku, quantity: 2 });
  await shop.end(orderId);
  const own = await platform.token(userId, 'customer');
  expect(await post(`/orders/${orderId}/cancel`, { reason: 'ordered twice' }, own)).toMatchObject({ status: 202 });
  expect(await becomes(orderId, 'cancelled')).toMatchObject({ reason: 'customer-request' });
  expect(await shop.stock(sku)).toMatchObject({ available: 5, reserved: 0 });
  expect(await post(`/orders/${orderId}/cancel`, {}, own)).toMatchObject({ status: 409 });
}, 60_000);

test('a large order waits for a review; the API answers when it is decided, and a double click is one decision', async () => {
  const [sku, other] = [await shop.product(5, large), await shop.product(5, large)];
  const [approved, rejected] = [await shop.order({ userId, sku }), await shop.order({ userId, sku: other })];
  await Promise.all([becomes(approved, 'in_review'), becomes(rejected, 'in_review')]);
  const click = () => post(`/orders/${approved}/review`, { decision: 'approve' });
  expect((await Promise.all([click(), click()])).map(({ status }) => status)).toEqual([200, 200]);
  await becomes(approved, 'confirmed');
  const words = { note: 'known for chargebacks', message: 'We do not ship pallets' };
  expect(await post(`/orders/${rejected}/review`, { decision: 'reject', ...words })).toMatchObject({ status: 200 });
  expect(await becomes(rejected, 'cancelled')).toMatchObject({
    reason: 'review-rejected',
    detail: 'Rejected by an operator',
    message: words.message,
  });
  const own = { token: await platform.token(userId, 'customer') };
  const seen = await Promise.all(
    ['', '/events'].map((path) => platform.call('GET', `/orders/${rejected}${path}`, undefined, own)),
  );
  for (const { body } of seen) expect(JSON.stringify(body)).toContain(words.message);
  expect(JSON.stringify(seen.map((answer) => answer.body))).not.toMatch(/chargebacks|Rejected by/);
  expect(await post(`/orders/${rejected}/review`, { decision: 'approve' })).toMatchObject({
    status: 409,
    body: { code: 'order-not-in-review' },
  });
  const { body } = await platform.call('GET', '/ops/audit');
  expect(body['items']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ action: 'order review', target: rejected, request: { decision: 'reject', ...words } }),
    ]),
  );
}, 60_000);

test('what is there is sent when the customer wants the rest', async () => {
  const [plenty, none] = [await shop.product(5), await shop.product(0)];
  const body = {
    userId,
    items: [
      { sku: plenty, quantity: 1 },
      { sku: none, quantity: 1 },
    ],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '1 Loop Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
    ifUnavailable: 'ship_rest',
  };
  const orderId = await eventually(async () => {
    const placed = await platform.call('POST', '/orders', body);
    expect(placed).toMatchObject({ status: 202, body: { total: { amount: 2500 } } });
    return String(placed.body['orderId']);
  });
  expect(await becomes(orderId, 'confirmed')).toMatchObject({ items: [{ sku: plenty }], total: { amount: 1250 } });
  const { body: payments } = await platform.call('GET', `/payments?orderId=${orderId}`);
  expect(payments['items']).toMatchObject([{ amount: { amount: 1250 } }]);
}, 60_000);

test('requests for unknown and foreign orders, and malformed ones, are refused', async () => {
  const orderId = await shop.order({ userId, sku: await shop.product(1) });
  await shop.end(orderId);
  const stranger = await platform.token(randomUUID(), 'customer');
  for (const request of ['cancel', 'return']) {
    expect(await post(`/orders/${randomUUID()}/${request}`, {})).toMatchObject({ status: 404 });
    expect(await post(`/orders/${orderId}/${request}`, {}, stranger)).toMatchObject({ status: 404 });
    expect(await post(`/orders/${orderId}/${request}`, { why: 'x' })).toMatchObject({ status: 400 });
  }
  expect(await post(`/orders/${orderId}/review`, { decision: 'approve' }, stranger)).toMatchObject({ status: 403 });
  expect(await post(`/orders/${orderId}/review`, { decision: 'maybe' })).toMatchObject({ status: 400 });
  expect(await post(`/orders/${randomUUID()}/review`, { decision: 'approve' })).toMatchObject({ status: 404 });
  expect(await post(`/orders/${orderId}/review`, { decision: 'approve' })).toMatchObject({ status: 409 });
  const own = await platform.token(userId, 'customer');
  expect(await platform.call('GET', '/ops/sagas', undefined, { token: own })).toMatchObject({ status: 403 });
}, 60_000);

test('operators see sagas, and are refused when there is nothing to decide', async () => {
  const orderId = await shop.order({ userId, sku: await shop.product(1) });
  await shop.end(orderId);
  expect(await sagaworks(platform, ['sagas', 'list'])).toMatchObject({ code: 2 });
  const shown = await sagaworks(platform, ['sagas', 'show', orderId]);
  expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('releaseStock, voidPayment, cancelShipment') });
  expect(await sagaworks(platform, ['sagas', 'retry', orderId])).toMatchObject({ code: 1 });
  expect(await sagaworks(platform, ['sagas', 'skip', orderId])).toMatchObject({ code: 64 });
  expect(await sagaworks(platform, ['sagas', 'show', randomUUID()])).toMatchObject({ code: 1 });
}, 90_000);
