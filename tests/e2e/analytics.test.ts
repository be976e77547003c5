import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as Postgres } from 'pg';
import { createRandom } from '../chaos/random';
import { reportParcel } from '../support/carrier';
import { sagaworks } from '../support/command';
import { eventually } from '../support/eventually';
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
async function live(random: ReturnType<typeof createRandom>, wanted: { userId: string; sku: string }): Promise<void> {
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

interface Logged {
  type: string;
  data: { orderId: string; total: { amount: number; currency: string }; items: { quantity: number }[]; reason: string };
}

/** The same figures, counted straight from the log of the order service. */
async function counted() {
  const client = new Postgres({ connectionString: world.databases['orders'] });
  await client.connect();
  const { rows } = await client.query<Logged>('select type, data from events order by position');
  await client.end();
  const of = (type: string) => rows.filter((row) => row.type === type).map(({ data }) => data);
  const totals = new Map(of('order.created').map(({ orderId, total }) => [orderId, total.amount]));
  const units = new Map(
    of('order.created').map(({ orderId, items }) => [orderId, items.reduce((sum, { quantity }) => sum + quantity, 0)]),
  );
  const confirmed = of('order.confirmed').map(({ orderId }) => orderId);
  const sum = (ids: string[], amounts: Map<string, number>) =>
    ids.reduce((all, id) => all + (amounts.get(id) ?? NaN), 0);
  const back = [...of('order.cancelled'), ...of('order.returned')].filter(({ orderId }) => confirmed.includes(orderId));
  return {
    placed: totals.size,
    orders: confirmed.length,
    units: sum(confirmed, units),
    revenue: sum(confirmed, totals),
    refunded: sum(
      back.map(({ orderId }) => orderId),
      totals,
    ),
    declined: of('order.cancelled').filter(({ reason }) => reason === 'payment-declined').length,
  };
}

async function expectAgreement(): Promise<void> {
  const expected = await counted();
  const { orders, units, revenue, refunded, placed, declined } = expected;
  await eventually(async () => {
    const sales = await platform.call('GET', '/analytics/sales?bucket=minute');
    const rows = sales.body['items'] as Record<'orders' | 'units' | 'revenue' | 'refunded', number>[];
    const sum = (what: keyof (typeof rows)[number]) => rows.reduce((all, row) => all + row[what], 0);
    const found = { orders: sum('orders'), units: sum('units'), revenue: sum('revenue'), refunded: sum('refunded') };
    expect(found).toEqual({ orders, units, revenue, refunded });
  }, 30_000);
  const products = await platform.call('GET', '/analytics/products');
  const sold = products.body['items'] as { units: number; revenue: number }[];
  expect(sold.reduce((all, row) => all + row.revenue, 0)).toBe(revenue);
  expect(sold.reduce((all, row) => all + row.units, 0)).toBe(units);
  const funnel = await platform.call('GET', '/analytics/funnel');
  expect(funnel.body).toMatchObject({ placed, confirmed: orders, conversion: orders / placed });
  expect(funnel.body['cancelledBy']).toContainEqual({ reason: 'payment-declined', orders: declined });
}

test('analytics equals a straight count of the log, to the cent, also when all is told again and after a rebuild', async () => {
  const random = createRandom(Number(process.env['SEED'] ?? 7));
  const userId = await shop.user();
  const skus = await Promise.all([199, 1250, 3333].map((amount) => shop.product(500, { amount, currency: 'EUR' })));
  const lane = async (): Promise<void> => {
    for (let n = 0; n < 8; n += 1) await live(random, { userId, sku: random.pick(skus) });
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  await expectAgreement();

  expect(await sagaworks(platform, ['outbox', 'replay', 'orders', '--from', '0'])).toMatchObject({ code: 0 });
  await live(random, { userId, sku: skus[0] ?? '' });
  await expectAgreement();
  const rebuild = await sagaworks(platform, ['projections', 'rebuild', 'sales'], world.env);
  expect(rebuild).toMatchObject({ code: 0 });
  await expectAgreement();
  expect(await sagaworks(platform, ['projections', 'verify', 'sales'], world.env)).toMatchObject({ code: 0 });

  const csv = await fetch(`${platform.url}/analytics/sales?format=csv`, {
    headers: { authorization: `Bearer ${await platform.token(userId, 'operator')}` },
  });
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect((await csv.text()).split('\r\n')[0]).toBe('from,currency,orders,units,revenue,refunded,averageBasket');
}, 240_000);

test.each([
  ['sales?bucket=week', 'bucket'],
  ['sales?from=yesterday', 'from'],
  ['sales?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
  ['funnel?from=2010-01-01T00:00:00Z', 'from'],
  ['sales?from=2020-01-01T00:00:00Z&bucket=minute', 'bucket'],
  ['products?limit=0', 'limit'],
])('%s is refused, and the field is named', async (path, field) => {
  const { status, body } = await platform.call('GET', `/analytics/${path}`);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain(field);
});

test('customers do not see what is sold', async () => {
  const token = await platform.token('0192f3a0-0000-7000-8000-000000000001', 'customer');
  expect(await platform.call('GET', '/analytics/sales', undefined, { token })).toMatchObject({ status: 403 });
});
