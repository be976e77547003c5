import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { randomUUID } from 'node:crypto';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';
import { recommendationMigrations } from './migrations';
import { createRecommendationRoutes } from './routes';
import { countBasket, insertBasket, reduceBasket, togetherQuery } from './store';
import type { RecommendationTables } from './tables';

let schema: TestDatabase<RecommendationTables>;
let db: Kysely<RecommendationTables>;
let http: TestApp;

beforeAll(async () => {
  schema = await createTestDatabase<RecommendationTables>(recommendationMigrations);
  db = schema.database.kysely;
  http = await createTestApp(createRecommendationRoutes(db));
  const skus = ['TEA', 'CUP', 'POT', 'BOOK', 'LAMP', 'NEW'];
  await db
    .insertInto('catalogue')
    .values(skus.map((sku) => ({ sku, name: sku.toLowerCase() })))
    .execute();
  for (let n = 0; n < 3; n += 1) await bought('TEA', 'CUP');
  await bought('TEA', 'POT');
  for (let n = 0; n < 6; n += 1) await bought('BOOK');
  await bought('BOOK', 'TEA');
});
afterAll(() => schema.drop());

/** An order that was confirmed; gives back its id. */
async function bought(...skus: string[]): Promise<string> {
  const orderId = randomUUID();
  await insertBasket(db, orderId, skus);
  await db.transaction().execute((trx) => countBasket(trx, orderId, 'in'));
  return orderId;
}
const out = (orderId: string) => db.transaction().execute((trx) => countBasket(trx, orderId, 'out'));
async function advice(path: string): Promise<string[]> {
  const { body } = await http.call('GET', `/recommendations${path}`);
  return (body['items'] as { sku: string; orders: number; because: string }[]).map(
    ({ sku, orders, because }) => `${sku} ${orders} ${because}`,
  );
}

test('what is bought together comes first, then what is popular', async () => {
  expect(await advice('/TEA?limit=4')).toEqual(['CUP 3 together', 'POT 1 together', 'BOOK 1 together']);
  expect(await advice('/CUP?limit=3')).toEqual(['TEA 3 together', 'BOOK 7 popular', 'POT 1 popular']);
});

test('a basket is advised what goes with all of it, and nothing that is in it', async () => {
  expect(await advice('?skus=TEA,CUP&limit=2')).toEqual(['POT 1 together', 'BOOK 1 together']);
});

test('a cancelled order is taken out again, once; what was never counted is not', async () => {
  const orderId = await bought('TEA', 'LAMP');
  expect(await advice('/LAMP?limit=1')).toEqual(['TEA 1 together']);
  await out(orderId);
  await out(orderId);
  expect(await advice('/LAMP?limit=1')).toEqual(['BOOK 7 popular']);
  const never = randomUUID();
  await insertBasket(db, never, ['TEA', 'CUP']);
  await out(never);
  expect(await advice('/CUP?limit=1')).toEqual(['TEA 3 together']);
});

test('what was dropped from an order counts as not bought', async () => {
  const orderId = randomUUID();
  await insertBasket(db, orderId, ['TEA', 'LAMP']);
  await reduceBasket(db, orderId, ['TEA']);
  await db.transaction().execute((trx) => countBasket(trx, orderId, 'in'));
  expect(await advice('/LAMP?limit=1')).toEqual(['BOOK 7 popular']);
  await out(orderId);
});

test('an unknown product is 404, or popular ones where asked for; one without orders gets popular ones', async () => {
  expect((await http.call('GET', '/recommendations/NONE')).status).toBe(404);
  expect((await http.call('GET', '/recommendations?skus=TEA,NONE')).status).toBe(404);
  expect(await advice('/NONE?fallback=popular&limit=1')).toEqual(['BOOK 7 popular']);
  expect(await advice('/NEW?limit=1')).toEqual(['BOOK 7 popular']);
});

test.each(['?skus=', '', '?skus=TEA&limit=0', '/TEA?limit=51', '/TEA?fallback=all', '/TEA?more=1'])(
  '%j is refused',
  async (path) => {
    expect((await http.call('GET', `/recommendations${path}`)).status).toBe(400);
  },
);

test('with a million order lines an answer reads a few pages of indexes', async () => {
  await sql`
    insert into pair_counts select 'S-' || a, 'S-' || (a + d) % 2000, 1 + (a * 7 + d) % 50
    from generate_series(0, 1999) as a, generate_series(1, 500) as d`.execute(db);
  await sql`insert into product_counts select 'S-' || a, 1 + a % 500 from generate_series(0, 1999) as a`.execute(db);
  await sql`insert into catalogue select 'S-' || a, 'thing' from generate_series(0, 1999) as a`.execute(db);
  await sql`vacuum analyze`.execute(db);
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>`
    explain (analyze, buffers, format json) ${togetherQuery(['S-7'], 5)}`.execute(db);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  expect(plan?.['Actual Rows']).toBe(5);
  expect((plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN)).toBeLessThan(1_500);
});
