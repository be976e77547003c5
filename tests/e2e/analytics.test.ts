import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as Postgres } from 'pg';
import type { EventRow } from '../../lib/eventlog/tables';
import { createRandom, type Random } from '../chaos/random';
import { reportParcel } from '../support/carrier';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { funnelIn, productsIn, salesIn } from '../support/order-numbers';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const becomes = (orderId: string, status: string) =>
  eventually(async () => {
    expect((await platform.call('GET', `/orders/${orderId}`)).body).toMatchObject({ status });
  }, 60_000);

/** One life of an order out of several, as chance has it. */
async function live(random: Random, wanted: { userId: string; sku: string }): Promise<void> {
  const fate = random.pick(['declined', 'confirmed', 'cancelled', 'returned', 'confirmed'] as const);
  const token = fate === 'declined' ? 'tok_declined' : 'tok_ok';
  const orderId = await shop.order({ ...wanted, quantity: 1 + Math.floor(random.next() * 4), token });
  await shop.end(orderId);
  if (fate === 'cancelled') {
    await platform.call('POST', `/orders/${orderId}/cancel`, {});
    await becomes(orderId, 'cancelled');
  }
  if (fate === 'returned') {
    await reportParcel(platform, world, orderId, 'dispatched');
    await reportParcel(platform, world, orderId, 'delivered');
    await becomes(orderId, 'delivered');
    await platform.call('POST', `/orders/${orderId}/return`, {});
    await becomes(orderId, 'returned');
  }
}

async function orderLog(): Promise<EventRow[]> {
  const client = new Postgres({ connectionString: world.databases['orders'] });
  await client.connect();
  const { rows } = await client.query<EventRow>("select * from events where type like 'order.%' order by position");
  await client.end();
  return rows;
}

async function numbers(path: string, query: object): Promise<unknown> {
  const { body } = await platform.call('GET', `/analytics/${path}?${new URLSearchParams({ ...query }).toString()}`);
  return body['items'];
}

/** Every figure is what a straight count of the order service's log says, to the cent. */
async function expectTheNumbersOfTheLog(): Promise<void> {
  const log = await orderLog();
  const [from, to] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const asked = { from: String(from), to: String(to), bucket: 'minute' } as const;
  const { bucket, ...range } = asked;
  await eventually(async () => expect(await numbers('sales', asked)).toEqual(salesIn(log, asked)), 30_000);
  expect(await numbers('funnel', { ...range, bucket })).toEqual(funnelIn(log, asked));
  const named = productsIn(log, range, 'revenue').map((product) => ({ ...product, name: 'Green tea' }));
  expect(await numbers('products', range)).toEqual(named);
}

test('analytics equals a straight count of the log, also when all events come again, and after a rebuild', async () => {
  const random = createRandom(Number(process.env['SEED'] ?? 7));
  const userId = await shop.user();
  const skus = await Promise.all([199, 1250, 3333].map((amount) => shop.product(500, { amount, currency: 'EUR' })));
  const lane = async (): Promise<void> => {
    for (let n = 0; n < 8; n += 1) await live(random, { userId, sku: random.pick(skus) });
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  await expectTheNumbersOfTheLog();

  expect(await sagaworks(platform, ['outbox', 'replay', 'orders', '--from', '0'])).toMatchObject({ code: 0 });
  await live(random, { userId, sku: skus[0] ?? '' });
  await expectTheNumbersOfTheLog();
  expect(await sagaworks(platform, ['projections', 'rebuild', 'sales'], world.env)).toMatchObject({ code: 0 });
  await expectTheNumbersOfTheLog();
  expect(await sagaworks(platform, ['projections', 'verify', 'sales'], world.env)).toMatchObject({ code: 0 });
}, 240_000);
