import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { selectStream } from '../../lib/eventlog/store';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { inventoryMigrations } from './migrations';
import { createInventoryRoutes } from './routes';
import { createInventoryService, type InventoryService } from './service';
import type { InventoryTables } from './tables';

let testDatabase: TestDatabase<InventoryTables>;
let inventory: InventoryService;
let http: TestApp;
let wakes = 0;
beforeAll(async () => {
  testDatabase = await createTestDatabase(inventoryMigrations);
  inventory = createInventoryService({
    database: testDatabase.database,
    notifier: { notify: () => void (wakes += 1) },
  });
  http = await createTestApp(createInventoryRoutes(inventory));
});
afterAll(() => testDatabase.drop());

const price = { amount: 1250, currency: 'EUR' };
const tea = (stock = 10) => ({ sku: `TEA-${randomUUID()}`, name: 'Green tea', price, stock });
const streamOf = (stream: string) => selectStream(testDatabase.database.kysely, stream);
async function add(stock?: number): Promise<string> {
  const wanted = tea(stock);
  expect(await http.call('POST', '/products', wanted)).toMatchObject({ status: 201 });
  return wanted.sku;
}

test('a product is added with its stock and both events, and the relay is woken', async () => {
  const before = wakes;
  const { stock, ...wanted } = tea(10);
  const { status, body, headers } = await http.call('POST', '/products', { ...wanted, stock });
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/products/${wanted.sku}`);
  expect(body).toEqual({ ...wanted, available: 10, reserved: 0, shipped: 0 });
  expect(await http.call('GET', `/products/${wanted.sku}`)).toMatchObject({ status: 200, body });
  expect(await streamOf(`product-${wanted.sku}`)).toMatchObject([{ version: 1, type: 'product.added', data: wanted }]);
  expect(await streamOf(`stock-${wanted.sku}`)).toMatchObject([
    { version: 1, type: 'stock.adjusted', data: { sku: wanted.sku, delta: 10, reason: 'initial stock' } },
  ]);
  expect(wakes).toBe(before + 1);
});

test('a product without a piece has no stock event yet', async () => {
  expect(await streamOf(`stock-${await add(0)}`)).toEqual([]);
});

test('a SKU is taken once, also when many ask at once', async () => {
  const wanted = tea();
  const answers = await Promise.all(Array.from({ length: 10 }, () => http.call('POST', '/products', wanted)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'conflict', field: 'sku' });
});

test('a change is answered, stored, and told as what changed', async () => {
  const sku = await add();
  const change = { name: 'Green tea', price: { amount: 1300, currency: 'EUR' } };
  expect(await http.call('PATCH', `/products/${sku}`, change)).toMatchObject({
    status: 200,
    body: { sku, ...change, available: 10 },
  });
  expect(await http.call('PATCH', `/products/${sku}`, change)).toMatchObject({ status: 200 });
  expect(await streamOf(`product-${sku}`)).toMatchObject([
    {},
    { version: 2, type: 'product.changed', data: { sku, price: change.price } },
  ]);
});

test('pieces come and go, but never those that are reserved', async () => {
  const sku = await add(10);
  const orderId = randomUUID();
  await inventory.reserveStock(`order/${orderId}/reserve`, { orderId, items: [{ sku, quantity: 6 }] });
  const adjust = (delta: number) => http.call('POST', `/products/${sku}/stock`, { delta, reason: 'count' });
  expect(await adjust(-5)).toMatchObject({ status: 409, body: { code: 'conflict', field: 'delta' } });
  expect(await adjust(-4)).toMatchObject({ status: 200, body: { available: 0, reserved: 6 } });
  expect(await adjust(3)).toMatchObject({ status: 200, body: { available: 3, reserved: 6 } });
  expect(await streamOf(`stock-${sku}`)).toHaveLength(4);
});

test('concurrent adjustments all count', async () => {
  const sku = await add(10);
  await Promise.all(
    Array.from({ length: 20 }, () => http.call('POST', `/products/${sku}/stock`, { delta: 1, reason: 'one' })),
  );
  expect((await http.call('GET', `/products/${sku}`)).body).toMatchObject({ available: 30 });
});

test('all products are listed page by page, each once, by SKU', async () => {
  await Promise.all(Array.from({ length: 7 }, () => add()));
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await http.call(
      'GET',
      `/products?limit=3${cursor === undefined ? '' : `&cursor=${cursor}`}`,
    );
    expect(status).toBe(200);
    const items = body['items'] as { sku: string }[];
    expect(items.length).toBeLessThanOrEqual(3);
    listed.push(...items.map(({ sku }) => sku));
    cursor = body['nextCursor'] as string | undefined;
  } while (cursor !== undefined);
  const all = await testDatabase.database.kysely.selectFrom('products').select('sku').execute();
  expect(listed).toEqual(all.map(({ sku }) => sku).sort());
});

test('operators write, everybody with a token reads', async () => {
  const sku = await add();
  const headers = { authorization: `Bearer ${await http.token('customer')}` };
  expect(await http.call('GET', '/products', undefined, headers)).toMatchObject({ status: 200 });
  expect(await http.call('GET', `/products/${sku}`, undefined, headers)).toMatchObject({ status: 200 });
  expect(await http.call('POST', '/products', tea(), headers)).toMatchObject({ status: 403 });
  expect(await http.call('PATCH', `/products/${sku}`, { name: 'x' }, headers)).toMatchObject({ status: 403 });
  expect(await http.call('POST', `/products/${sku}/stock`, { delta: 1, reason: 'x' }, headers)).toMatchObject({
    status: 403,
  });
  expect(await http.call('GET', '/products', undefined, { authorization: '' })).toMatchObject({ status: 401 });
});

test.each<[string, string, unknown, number, string | undefined]>([
  ['POST', '/products', { ...tea(), sku: 'a b' }, 400, 'sku'],
  ['POST', '/products', { ...tea(), sku: '-A' }, 400, 'sku'],
  ['POST', '/products', { ...tea(), stock: -1 }, 400, 'stock'],
  ['POST', '/products', { ...tea(), stock: 1e10 }, 400, 'stock'],
  ['POST', '/products', { ...tea(), stock: '1' }, 400, 'stock'],
  ['POST', '/products', { ...tea(), price: { amount: 12.5, currency: 'EUR' } }, 400, 'price.amount'],
  ['POST', '/products', { ...tea(), price: { amount: -1, currency: 'EUR' } }, 400, 'price.amount'],
  ['POST', '/products', { ...tea(), price: { amount: 1, currency: 'euro' } }, 400, 'price.currency'],
  ['POST', '/products', { ...tea(), price: { amount: 1, currency: 'EUR', tax: 19 } }, 400, 'price.tax'],
  ['POST', '/products', { ...tea(), name: 'a\u0000' }, 400, 'name'],
  ['PATCH', '/products/NOTHING', {}, 400, '$'],
  ['PATCH', '/products/NOTHING', { sku: 'OTHER' }, 400, 'sku'],
  ['PATCH', '/products/NOTHING', { name: 'x' }, 404, undefined],
  ['POST', '/products/NOTHING/stock', { delta: 1, reason: 'x' }, 404, undefined],
  ['POST', '/products/NOTHING/stock', { delta: 0, reason: 'x' }, 400, 'delta'],
  ['POST', '/products/NOTHING/stock', { delta: 1 }, 400, 'reason'],
  ['GET', '/products/NOTHING', undefined, 404, undefined],
  ['GET', '/products/%00', undefined, 400, 'sku'],
  ['GET', '/products?limit=0', undefined, 400, 'limit'],
  ['GET', '/products?limit=201', undefined, 400, 'limit'],
  ['GET', '/products?cursor=%00', undefined, 400, 'cursor'],
  ['GET', '/products?page=2', undefined, 400, 'page'],
])('%s %s with %j is refused with %i', async (method, path, sent, status, field) => {
  const answer = await http.call(method, path, sent);
  expect(answer.status).toBe(status);
  expect(answer.body['field']).toBe(field);
});

test('no value of any field is answered with 500', async () => {
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.double());
  const fields = ['sku', 'name', 'price', 'stock'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...fields), value, async (field, wrong) => {
      expect((await http.call('POST', '/products', { ...tea(), [field]: wrong })).status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

test('a repeated adjustment moves the pieces once, and is answered as the first time', async () => {
  const sku = await add(10);
  const adjust = (key: string, delta = 5) =>
    http.call('POST', `/products/${sku}/stock`, { delta, reason: 'delivery' }, { 'idempotency-key': key });
  const first = await adjust('delivery-1');
  expect(first).toMatchObject({ status: 200, body: { available: 15 } });
  expect(await adjust('delivery-2')).toMatchObject({ status: 200, body: { available: 20 } });
  expect((await adjust('delivery-1')).body).toEqual(first.body);
  expect(await adjust('delivery-1', 6)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  expect(await http.call('GET', `/products/${sku}`)).toMatchObject({ body: { available: 20 } });
});

test('a key belongs to one operation: for another product it is refused', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const [one, other] = [await add(), await add()];
  const adjustment = { delta: 1, reason: 'found' };
  await http.call('POST', `/products/${one}/stock`, adjustment, key);
  expect(await http.call('POST', `/products/${other}/stock`, adjustment, key)).toMatchObject({ status: 422 });
});

test('a repeated request to add a product adds one', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const wanted = tea();
  const first = await http.call('POST', '/products', wanted, key);
  expect(first.status).toBe(201);
  expect(await http.call('POST', '/products', wanted, key)).toMatchObject({ status: 201, body: first.body });
});
