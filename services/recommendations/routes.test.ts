import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rowsUpsert } from '../../lib/projections/store';
import { randomUUID } from 'node:crypto';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { createAdviser } from './advice';
import { recount } from './recount-store';
import { recommendationMigrations } from './migrations';
import { createRecommendationRoutes } from './routes';
import type { RecommendationTables } from './tables';

/* Ten orders: tea is in most of them, cups go with pots, jam with nothing that counts; mats were never bought. */
const orders = [
  ...Array.from({ length: 4 }, () => ['TEA', 'CUP', 'POT']),
  ...Array.from({ length: 4 }, () => ['TEA']),
  ['TEA', 'JAM'],
  ['CUP', 'POT'],
];

let own: TestDatabase<RecommendationTables>;
let http: TestApp;
beforeAll(async () => {
  own = await createTestDatabase<RecommendationTables>(recommendationMigrations);
  const { kysely: db } = own.database;
  const place = { schema: 'public', table: 'baskets', key: ['order_id'] };
  const rows = orders.map((skus) => ({ order_id: randomUUID(), skus, counts: true }));
  await rowsUpsert(place, [...rows, { order_id: randomUUID(), skus: ['JAM', 'MAT'], counts: false }]).execute(db);
  await recount(db);
  const names = ['TEA', 'CUP', 'POT', 'JAM', 'MAT'].map((sku) => ({ sku, name: `The ${sku}` }));
  await db.insertInto('advised_products').values(names).execute();
  http = await createTestApp(createRecommendationRoutes(createAdviser(db)));
});
afterAll(() => own.drop());

const together = (sku: string, count: number, lift: number) => ({
  basis: 'bought-together',
  sku,
  name: `The ${sku}`,
  together: count,
  lift,
});
const popular = (sku: string, count: number) => ({ basis: 'popular', sku, name: `The ${sku}`, orders: count });

test('what is bought together comes first, more often than by chance before merely often', async () => {
  const { status, body } = await http.call('GET', '/recommendations/CUP?limit=2');
  expect(status).toBe(200);
  // POT: 5 of 10 orders, all 5 with cups; TEA: 9 of 10, 4 with cups.
  expect(body).toEqual({ items: [together('POT', 5, 2), together('TEA', 4, 0.889)] });
});

test('a basket gets advice for all of it, and nothing that is in it', async () => {
  const { body } = await http.call('GET', '/recommendations?skus=CUP,POT,CUP&limit=1');
  expect(body).toEqual({ items: [together('TEA', 8, 0.889)] });
});

test('popular products fill up where too little is known, and none comes twice', async () => {
  expect((await http.call('GET', '/recommendations/JAM?limit=3')).body).toEqual({
    items: [together('TEA', 1, 1.111), popular('CUP', 5), popular('POT', 5)],
  });
  expect((await http.call('GET', '/recommendations/MAT?limit=1')).body).toEqual({ items: [popular('TEA', 9)] });
});

test('an unknown product is not found, unless popular ones are wanted instead', async () => {
  const unknown = { status: 404, body: { code: 'not-found', detail: 'There is no product GONE' } };
  expect(await http.call('GET', '/recommendations/GONE')).toMatchObject(unknown);
  expect(await http.call('GET', '/recommendations?skus=TEA,GONE')).toMatchObject(unknown);
  expect((await http.call('GET', '/recommendations/GONE?fallback=popular&limit=1')).body).toEqual({
    items: [popular('TEA', 9)],
  });
  expect((await http.call('GET', '/recommendations?skus=CUP,GONE&fallback=popular&limit=3')).body).toEqual({
    items: [together('POT', 5, 2), together('TEA', 4, 0.889), popular('JAM', 1)],
  });
});

test.each([
  ['/TEA?limit=0', 'limit'],
  ['/TEA?limit=51', 'limit'],
  ['/TEA?fallback=all', 'fallback'],
  ['/TEA?colour=red', 'colour'],
  ['/-TEA', 'sku'],
  ['', 'skus'],
  ['?skus=', 'skus[0]'],
  ['?skus=TEA,,CUP', 'skus[1]'],
  ['?skus=TEA,=1', 'skus[1]'],
  [`?skus=${Array.from({ length: 51 }, (_, index) => `SKU-${index}`).join(',')}`, 'skus'],
])('%s is refused, and %s is at fault', async (path, field) => {
  expect(await http.call('GET', `/recommendations${path}`)).toMatchObject({
    status: 400,
    body: { code: 'invalid-request', field },
  });
});

test('any valid token is accepted', async () => {
  const call = (authorization: string) => http.call('GET', '/recommendations/TEA', undefined, { authorization });
  expect(await call(`Bearer ${await http.token('customer')}`)).toMatchObject({ status: 200 });
  expect(await call('')).toMatchObject({ status: 401 });
});
