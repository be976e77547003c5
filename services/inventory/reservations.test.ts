import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PlatformError } from '../../lib/errors/errors';
import { StepRefused } from '../../lib/saga/steps';
import { selectStream } from '../../lib/eventlog/store';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { inventoryMigrations } from './migrations';
import { createInventoryService, type InventoryService } from './service';
import type { InventoryTables } from './tables';

let testDatabase: TestDatabase<InventoryTables>;
let inventory: InventoryService;
beforeAll(async () => {
  testDatabase = await createTestDatabase(inventoryMigrations);
  inventory = createInventoryService({ database: testDatabase.database, notifier: { notify: () => undefined } });
});
afterAll(() => testDatabase.drop());

async function product(stock: number): Promise<string> {
  const sku = `SKU-${randomUUID()}`;
  await inventory.add({ sku, name: 'Tea', price: { amount: 100, currency: 'EUR' }, stock });
  return sku;
}
function order(...items: { sku: string; quantity: number }[]) {
  const orderId = randomUUID();
  return { key: `order/${orderId}/reserve`, request: { orderId, items } };
}
const reserve = ({ key, request }: ReturnType<typeof order>) => inventory.reserveStock(key, request);
const release = ({ key, request }: ReturnType<typeof order>) => inventory.releaseStock(key, request);
const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'held',
    (error: unknown) =>
      error instanceof PlatformError || error instanceof StepRefused ? String(error.code) : String(error),
  );
const count = (outcomes: string[], wanted: string) => outcomes.filter((one) => one === wanted).length;
const eventsOf = async (sku: string) => {
  const events = await selectStream(testDatabase.database.kysely, `stock-${sku}`);
  return events.map(({ type }) => type);
};

test('200 orders at once for a product with 50 pieces: exactly 50 are held, none is oversold', async () => {
  const sku = await product(50);
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => outcome(reserve(order({ sku, quantity: 1 })))));
  expect(count(outcomes, 'held')).toBe(50);
  expect(count(outcomes, 'out-of-stock')).toBe(150);
  expect(await inventory.get(sku)).toMatchObject({ available: 0, reserved: 50, shipped: 0 });
  expect(await eventsOf(sku)).toEqual(['stock.adjusted', ...Array<string>(50).fill('stock.reserved')]);
});

test('orders that name the same products in different order never lock each other out', async () => {
  const skus = await Promise.all([product(1000), product(1000), product(1000)]);
  const forth = skus.map((sku) => ({ sku, quantity: 1 }));
  const orders = Array.from({ length: 60 }, (_, index) => order(...(index % 2 ? forth : [...forth].reverse())));
  const outcomes = await Promise.all(orders.map((one) => outcome(reserve(one))));
  expect(count(outcomes, 'held')).toBe(60);
  const released = await Promise.all(orders.map((one) => outcome(release(one))));
  expect(count(released, 'held')).toBe(60);
  for (const sku of skus) expect(await inventory.get(sku)).toMatchObject({ available: 1000, reserved: 0 });
});

test('an order is held whole or not at all', async () => {
  const [plenty, scarce] = [await product(10), await product(1)];
  const outcomeOfBoth = await outcome(reserve(order({ sku: plenty, quantity: 5 }, { sku: scarce, quantity: 2 })));
  expect(outcomeOfBoth).toBe('out-of-stock');
  expect(await inventory.get(plenty)).toMatchObject({ available: 10, reserved: 0 });
  expect(await eventsOf(plenty)).toEqual(['stock.adjusted']);
});

test('an unknown product is refused', async () => {
  expect(await outcome(reserve(order({ sku: 'NOTHING', quantity: 1 })))).toBe('unknown-product');
});

test('a step that is repeated holds once, also at the same time', async () => {
  const sku = await product(10);
  const once = order({ sku, quantity: 3 });
  await Promise.all(Array.from({ length: 5 }, () => reserve(once)));
  await reserve(once);
  expect(await inventory.get(sku)).toMatchObject({ available: 7, reserved: 3 });
});

test('a refused order can be held later under the same key, when pieces came', async () => {
  const sku = await product(0);
  const patient = order({ sku, quantity: 1 });
  expect(await outcome(reserve(patient))).toBe('out-of-stock');
  await inventory.adjustStock(sku, { delta: 1, reason: 'delivery' });
  expect(await outcome(reserve(patient))).toBe('held');
});

test('what is released is free again, once', async () => {
  const sku = await product(10);
  const cancelled = order({ sku, quantity: 4 });
  await reserve(cancelled);
  await reserve(order({ sku, quantity: 1 }));
  await Promise.all(Array.from({ length: 5 }, () => release(cancelled)));
  expect(await inventory.get(sku)).toMatchObject({ available: 9, reserved: 1 });
  const held = testDatabase.database.kysely.selectFrom('reservations').select('quantity').where('sku', '=', sku);
  expect(await held.execute()).toEqual([{ quantity: 1 }]);
  expect(await eventsOf(sku)).toEqual(['stock.adjusted', 'stock.reserved', 'stock.reserved', 'stock.released']);
});

test('a reservation that comes after its release is fenced off, and holds nothing', async () => {
  const sku = await product(10);
  const late = order({ sku, quantity: 4 });
  await release(late);
  expect(await outcome(reserve(late))).toBe('step-fenced');
  expect(await inventory.get(sku)).toMatchObject({ available: 10, reserved: 0 });
});

test('a reservation and its release at the same time leave nothing held', async () => {
  const sku = await product(100);
  const orders = Array.from({ length: 30 }, () => order({ sku, quantity: 2 }));
  await Promise.all(orders.flatMap((one) => [outcome(reserve(one)), release(one)]));
  expect(await inventory.get(sku)).toMatchObject({ available: 100, reserved: 0 });
});

test('the key of a step never serves two orders', async () => {
  const sku = await product(10);
  const { key, request } = order({ sku, quantity: 1 });
  await inventory.reserveStock(key, request);
  const other = { ...request, items: [{ sku, quantity: 2 }] };
  expect(await outcome(inventory.reserveStock(key, other))).toBe('effect-key-reused');
});
