import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rowsUpsert } from '../../lib/projections/store';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { analyticsMigrations } from './migrations';
import { createAnalyticsRoutes } from './routes';
import type { AnalyticsTables, SaleRow } from './tables';

let own: TestDatabase<AnalyticsTables>;
let http: TestApp;
beforeAll(async () => {
  own = await createTestDatabase<AnalyticsTables>(analyticsMigrations);
  http = await createTestApp(createAnalyticsRoutes(own.database.kysely));
});
beforeEach(async () => {
  await own.database.kysely.deleteFrom('sales').execute();
});
afterAll(() => own.drop());

const confirmedAt = new Date('2026-03-01T12:00:00.000Z');
const sale = (change: Partial<SaleRow> = {}): SaleRow => ({
  order_id: randomUUID(),
  status: 'confirmed',
  currency: 'EUR',
  total: 2500,
  units: 2,
  items: [{ sku: 'TEA-1', quantity: 2, amount: 2500 }],
  placed_at: new Date('2026-03-01T11:59:59.000Z'),
  confirmed_at: confirmedAt,
  cancelled_at: null,
  reason: null,
  delivered_at: null,
  returned_at: null,
  refunded_at: null,
  ...change,
});
const given = (...rows: SaleRow[]) =>
  rowsUpsert({ schema: 'public', table: 'sales', key: ['order_id'] }, rows).execute(own.database.kysely);

const march = 'from=2026-03-01&to=2026-04-01';

test('a day that stands alone is its beginning in UTC, and the end of a range is not part of it', async () => {
  await given(sale({ confirmed_at: new Date('2026-03-31T23:59:59.999Z') }));
  await given(sale({ confirmed_at: new Date('2026-04-01T00:00:00.000Z') }));
  const { body } = await http.call('GET', `/analytics/sales?${march}&bucket=month`);
  expect(body['items']).toEqual([
    expect.objectContaining({ start: '2026-03-01T00:00:00.000Z', orders: 1, averageBasket: 2500 }),
  ]);
});

test('sums that no number can hold are digits', async () => {
  const total = Number.MAX_SAFE_INTEGER;
  await given(...Array.from({ length: 2_000 }, () => sale({ total })));
  const { body } = await http.call('GET', `/analytics/sales?${march}`);
  const revenue = String(BigInt(total) * 2_000n);
  expect(body['items']).toEqual([expect.objectContaining({ revenue, net: revenue, averageBasket: total })]);
});

test.each([
  ['Accept', '', { accept: 'text/csv' }],
  ['the query', '&format=csv', { accept: 'application/json' }],
])('asked by %s the answer is CSV', async (_, query, headers) => {
  await given(
    sale(),
    sale({ currency: 'USD', status: 'returned', returned_at: confirmedAt, refunded_at: confirmedAt }),
  );
  const {
    status,
    headers: answered,
    body,
  } = await http.call('GET', `/analytics/sales?${march}${query}`, undefined, headers);
  expect({ status, type: answered.get('content-type') }).toEqual({ status: 200, type: 'text/csv; charset=utf-8' });
  expect(String(body['text']).split('\r\n')).toEqual([
    'start,currency,revenue,refunds,net,orders,refundedOrders,units,averageBasket',
    '2026-03-01T00:00:00.000Z,EUR,2500,0,2500,1,0,2,2500',
    '2026-03-01T00:00:00.000Z,USD,2500,2500,0,1,1,2,2500',
    '',
  ]);
});

test('the query takes precedence over Accept, and */* gets JSON', async () => {
  const json = async (query: string, accept: string) =>
    (await http.call('GET', `/analytics/sales?${march}${query}`, undefined, { accept })).body;
  expect(await json('&format=json', 'text/csv')).toEqual({ items: [] });
  expect(await json('', '*/*')).toEqual({ items: [] });
});

test('a product’s name cannot be a formula in a spreadsheet', async () => {
  await own.database.kysely.insertInto('product_names').values({ sku: 'EVIL', name: '=cmd|"/c calc"!A1' }).execute();
  await given(sale({ items: [{ sku: 'EVIL', quantity: 2, amount: 2500 }] }));
  const { body } = await http.call('GET', `/analytics/products?${march}&format=csv`);
  expect(String(body['text']).split('\r\n')[1]).toBe(`EUR,1,EVIL,"'=cmd|""/c calc""!A1",2500,0,2500,2,0`);
});

test('the funnel’s CSV has a column for every reason', async () => {
  await given(
    sale(),
    sale({ status: 'cancelled', confirmed_at: null, cancelled_at: confirmedAt, reason: 'out-of-stock' }),
  );
  const { body } = await http.call('GET', `/analytics/funnel?${march}&format=csv`);
  const [head = '', line = ''] = String(body['text']).split('\r\n');
  const cells = Object.fromEntries(head.split(',').map((column, index) => [column, line.split(',')[index]]));
  expect(cells).toMatchObject({ conversion: '0.5', 'cancelled:out-of-stock': '1', 'cancelled:failed': '0' });
});

test('the top products are ranked within each currency', async () => {
  await given(
    ...['A', 'B', 'C'].flatMap((sku, index) => ['EUR', 'USD'].map((currency) => productSale(sku, currency, index))),
  );
  const { body } = await http.call('GET', `/analytics/products?${march}&limit=2&by=units`);
  const shown = (body['items'] as { currency: string; sku: string }[]).map(({ currency, sku }) => `${currency} ${sku}`);
  expect(shown).toEqual(['EUR C', 'EUR B', 'USD C', 'USD B']);
});
const productSale = (sku: string, currency: string, index: number): SaleRow =>
  sale({ currency, items: [{ sku, quantity: index + 1, amount: 10 }] });

test.each([
  ['sales?from=yesterday&to=2026-04-01', 'from'],
  ['sales?from=2026-02-30&to=2026-04-01', 'from'],
  ['sales?from=2026-03-01T00:00:00&to=2026-04-01', 'from'],
  ['sales?from=2026-04-01&to=2026-03-01', 'to'],
  ['sales?from=2026-04-01&to=2026-04-01', 'to'],
  ['sales?from=2016-04-01&to=2026-04-02', 'to'],
  [`sales?${march}&bucket=week`, 'bucket'],
  ['sales?from=2026-01-01&to=2026-04-01&bucket=minute', 'bucket'],
  [`sales?${march}&currency=euro`, 'currency'],
  [`sales?${march}&format=xml`, 'format'],
  [`sales?${march}&colour=red`, 'colour'],
  ['funnel?from=2026-01-01&to=2026-04-01&bucket=minute', 'bucket'],
  [`funnel?${march}&bucket=`, 'bucket'],
  [`products?${march}&by=colour`, 'by'],
  [`products?${march}&limit=0`, 'limit'],
  [`products?${march}&limit=many`, 'limit'],
  ['products?from=2016-04-01&to=2026-04-02', 'to'],
])('%s is refused, and %s is at fault', async (path, field) => {
  expect(await http.call('GET', `/analytics/${path}`)).toMatchObject({
    status: 400,
    body: { code: 'invalid-request', field },
  });
});

test('a range that is left out is the last thirty days', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  await given(sale({ confirmed_at: daysAgo(29) }), sale({ confirmed_at: daysAgo(31) }));
  expect((await http.call('GET', '/analytics/sales')).body['items']).toHaveLength(1);
});

test('just ten years are a range', async () => {
  expect(await http.call('GET', '/analytics/sales?from=2016-04-01&to=2026-04-01')).toMatchObject({ status: 200 });
});

test.each(['sales', 'products', 'funnel'])('%s are for operators', async (path) => {
  const call = (authorization: string) => http.call('GET', `/analytics/${path}?${march}`, undefined, { authorization });
  expect(await call(`Bearer ${await http.token('customer')}`)).toMatchObject({ status: 403 });
  expect(await call('')).toMatchObject({ status: 401 });
});
