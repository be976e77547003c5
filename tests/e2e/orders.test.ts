import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { orderBody } from '../support/order-body';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let userId: string;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
  userId = await shop.user();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

/** The sum of what the order's payments moved, in minor units. */
async function kept(orderId: string): Promise<number> {
  const { body } = await platform.call('GET', `/payments?orderId=${orderId}`);
  const payments = body['items'] as { captured: number; refunded: number }[];
  return payments.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
}

async function newestOrder(): Promise<string | undefined> {
  const { body } = await platform.call('GET', `/orders?userId=${userId}&limit=1`);
  return (body['items'] as { orderId: string }[])[0]?.orderId;
}

describe('an order', () => {
  test.each([
    ['tok_ok', {}, { status: 'confirmed' }],
    ['tok_flaky: two faults, then fine', { token: 'tok_flaky' }, { status: 'confirmed' }],
    ['tok_timeout: charged, but the answer is lost', { token: 'tok_timeout' }, { status: 'confirmed' }],
    ['tok_declined', { token: 'tok_declined' }, { status: 'cancelled', reason: 'payment-declined' }],
    ['tok_capture_refused', { token: 'tok_capture_refused' }, { status: 'cancelled', reason: 'capture-refused' }],
    ['postal code 00000', { postalCode: '00000' }, { status: 'cancelled', reason: 'address-not-serviceable' }],
    ['more than the stock', { quantity: 11 }, { status: 'cancelled', reason: 'out-of-stock' }],
  ])('with %s ends as designed, and stock and money add up', async (_, special, expected) => {
    const sku = await shop.product(10);
    const orderId = await shop.order({ userId, sku, quantity: 2, ...special });
    const ended = await shop.end(orderId);
    expect(ended).toMatchObject(expected);
    const isConfirmed = ended['status'] === 'confirmed';
    expect(await shop.stock(sku)).toMatchObject({
      available: isConfirmed ? 8 : 10,
      reserved: isConfirmed ? 2 : 0,
      shipped: 0,
    });
    expect(await kept(orderId)).toBe(isConfirmed ? 2500 : 0);
  });

  test('shows its way: state, version, timeline, and the list agrees', async () => {
    const orderId = await shop.order({ userId, sku: await shop.product(1) });
    const ended = await shop.end(orderId);
    expect(ended).toMatchObject({ version: 2, timeline: [{ type: 'order.created' }, { type: 'order.confirmed' }] });
    const { body } = await platform.call('GET', `/orders?userId=${userId}&status=confirmed&limit=1`);
    expect(body['items']).toMatchObject([{ orderId, status: 'confirmed', version: 2 }]);
  });

  test('200 at once for 50 pieces: 50 are confirmed, 150 cancelled as out of stock', async () => {
    const sku = await shop.product(50);
    const orders = await Promise.all(Array.from({ length: 200 }, () => shop.order({ userId, sku })));
    const ends = await Promise.all(orders.map(shop.end));
    const reasons = ends.map(({ status, reason }) => (status === 'confirmed' ? 'confirmed' : reason));
    expect(reasons.filter((reason) => reason === 'confirmed')).toHaveLength(50);
    expect(reasons.filter((reason) => reason === 'out-of-stock')).toHaveLength(150);
    expect(await shop.stock(sku)).toMatchObject({ available: 0, reserved: 50 });
  }, 120_000);

  test('20 requests at once with one Idempotency-Key: one order, one answer; another body is refused', async () => {
    const sku = await shop.product(100);
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.place({ userId, sku }, headers)));
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect(await shop.place({ userId, sku, quantity: 2 }, headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });
});

describe('who may see an order', () => {
  test('its owner and operators see it; for others it does not exist', async () => {
    const orderId = await shop.order({ userId, sku: await shop.product(1) });
    const owner = await platform.token(userId, 'customer');
    const stranger = await platform.token(randomUUID(), 'customer');
    expect((await platform.call('GET', `/orders/${orderId}`, undefined, { token: owner })).status).toBe(200);
    expect((await platform.call('GET', `/orders/${orderId}`, undefined, { token: stranger })).status).toBe(404);
    const { body } = await platform.call('GET', `/orders?userId=${userId}`, undefined, { token: stranger });
    expect(body['items']).toEqual([]);
  });

  test('a customer cannot order for another user', async () => {
    const token = await platform.token(randomUUID(), 'customer');
    const body = orderBody({ userId, sku: await shop.product(1) });
    expect(await platform.call('POST', '/orders', body, { token })).toMatchObject({ status: 403 });
  });
});

describe('a refused request gets a problem that names the field, and changes nothing', () => {
  const sku = 'NEVER-1';
  const line = (quantity: unknown) => ({ items: [{ sku, quantity }] });
  const many = Array.from({ length: 101 }, (_, index) => ({ sku: `S-${index}`, quantity: 1 }));

  test.each<[string, unknown, number, string, string | undefined]>([
    ['malformed JSON', '{"userId":', 400, 'malformed-json', undefined],
    ['a wrong type', { items: 'tea' }, 400, 'invalid-request', 'items'],
    ['an unknown field', { colour: 'red' }, 400, 'invalid-request', 'colour'],
    ['no items', { items: [] }, 400, 'invalid-request', 'items'],
    ['quantity 0', line(0), 400, 'invalid-request', 'items[0].quantity'],
    ['a negative quantity', line(-1), 400, 'invalid-request', 'items[0].quantity'],
    ['quantity 1.5', line(1.5), 400, 'invalid-request', 'items[0].quantity'],
    ['quantity 10,001', line(10_001), 400, 'invalid-request', 'items[0].quantity'],
    [
      'a SKU twice',
      {
        items: [
          { sku, quantity: 1 },
          { sku, quantity: 1 },
        ],
      },
      400,
      'invalid-request',
      'items[1].sku',
    ],
    ['101 items', { items: many }, 400, 'invalid-request', 'items'],
    ['an unknown user', { userId: randomUUID() }, 422, 'unknown-user', 'userId'],
    ['an unknown product', {}, 422, 'unknown-product', 'items[0].sku'],
    ['a body over 256 KiB', { shippingAddress: { name: 'x'.repeat(300_000) } }, 413, 'body-too-large', undefined],
  ])('%s', async (_, change, status, code, field) => {
    const before = await newestOrder();
    const body = typeof change === 'string' ? change : { ...orderBody({ userId, sku }), ...(change as object) };
    const answer = await platform.call('POST', '/orders', body);
    expect(answer).toMatchObject({ status, body: { code, status, ...(field === undefined ? {} : { field }) } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await newestOrder()).toBe(before);
  });

  test('prices in two currencies', async () => {
    const items = [
      { sku: await shop.product(1), quantity: 1 },
      { sku: await shop.product(1, { amount: 1, currency: 'USD' }), quantity: 1 },
    ];
    const body = { ...orderBody({ userId, sku }), items };
    const refused = { status: 422, body: { code: 'currency-mix' } };
    // A new product may take longer to arrive than an order waits for it.
    await eventually(async () => expect(await platform.call('POST', '/orders', body)).toMatchObject(refused));
  });

  test('no Idempotency-Key', async () => {
    const answer = await shop.place({ userId, sku }, { 'idempotency-key': '' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } });
  });

  test.each(['', 'garbage', 'a.b.c'])('the token "%s"', async (token) => {
    const answer = await platform.call('POST', '/orders', orderBody({ userId, sku }), { token });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });
});

test('documents itself', async () => {
  const { body } = await platform.call('GET', '/openapi.json');
  expect(Object.keys(body['paths'] as object)).toEqual(
    expect.arrayContaining(['/orders', '/orders/{orderId}', '/products', '/users', '/payments', '/shipments']),
  );
  expect((await platform.call('GET', '/asyncapi.json')).body).toMatchObject({ asyncapi: '3.0.0' });
});
