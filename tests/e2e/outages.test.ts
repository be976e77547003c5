import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { required } from '../lib-support/required';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let broker: Proxy;
let temporal: Proxy;
let userId: string;
const shop = createShop(() => platform);

beforeAll(async () => {
  const { hostname, port } = new URL(required('RABBITMQ_URL'));
  const [host = '', temporalPort] = required('TEMPORAL_ADDRESS').split(':');
  broker = await startProxy({ host: hostname, port: Number(port) });
  temporal = await startProxy({ host, port: Number(temporalPort) });
  world = await createWorld({ TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}` });
  const rabbitmq = new URL(world.env['RABBITMQ_URL'] ?? '');
  rabbitmq.host = `127.0.0.1:${broker.port}`;
  world.env['RABBITMQ_URL'] = rabbitmq.href;
  platform = await startTestPlatform(world);
  userId = await shop.user();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await Promise.all([broker.close(), temporal.close(), world.drop()]);
});

/** A product that the order service has heard of: an order for it went through. */
async function knownProduct(stock: number): Promise<string> {
  const sku = await shop.product(stock + 1);
  await shop.end(await shop.order({ userId, sku }));
  return sku;
}

test.each([
  ['RabbitMQ', 'broker', () => broker],
  ['Temporal', 'temporal', () => temporal],
])(
  'while %s is away orders are accepted, and afterwards they are confirmed without a restart',
  async (_, part, line) => {
    const sku = await knownProduct(5);
    line().cut();
    const orders = await Promise.all(Array.from({ length: 5 }, () => shop.order({ userId, sku })));
    await eventually(async () => {
      const { status, body } = await platform.call('GET', '/readyz');
      // After a while its intake is held, too.
      expect({ status, body }).toEqual({
        status: 200,
        body: { status: 'ready', degraded: expect.arrayContaining([part]) },
      });
    });
    expect(await platform.call('GET', '/healthz')).toMatchObject({
      status: 200,
      body: { missing: expect.arrayContaining([part]) },
    });
    line().restore();
    await eventually(async () => expect((await platform.call('GET', '/readyz')).body).toEqual({ status: 'ready' }));
    const ends = await Promise.all(orders.map(shop.end));
    expect(ends.map(({ status }) => status)).toEqual(Array(5).fill('confirmed'));
    expect(await shop.stock(sku)).toMatchObject({ available: 0, reserved: 6 });
  },
  120_000,
);

test('killed with kill -9 in the middle of 50 orders, all 50 end, nothing twice', async () => {
  const sku = await knownProduct(50);
  const orders = await Promise.all(
    Array.from({ length: 50 }, (_, index) => shop.order({ userId, sku, token: index % 5 ? 'tok_ok' : 'tok_declined' })),
  );
  await platform.kill();
  platform = await startTestPlatform(world);
  const ends = await Promise.all(orders.map(shop.end));
  expect(ends.filter(({ status }) => status === 'confirmed')).toHaveLength(40);
  expect(ends.filter(({ reason }) => reason === 'payment-declined')).toHaveLength(10);
  expect(await shop.stock(sku)).toMatchObject({ available: 10, reserved: 41 });
  // Created and ended once each: a step that was done twice would show as a third event.
  expect(ends.map(({ version }) => version)).toEqual(Array(50).fill(2));
}, 180_000);
