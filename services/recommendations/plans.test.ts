import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql, type RawBuilder } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { companionsOf, popularWithout } from './advice-store';
import { recount } from './recount-store';
import { recommendationMigrations } from './migrations';
import type { RecommendationTables } from './tables';

/*
 * 40,000 orders of four lines, of 10,000 products: some are bought by nearly everybody, most by a few. That is enough for
 * plans: 370,000 pairs, in tables and indexes that each have more pages than a query may read.
 */
let own: TestDatabase<RecommendationTables>;
beforeAll(async () => {
  own = await createTestDatabase<RecommendationTables>(recommendationMigrations);
  const { kysely: db } = own.database;
  await sql`select setseed(0.7)`.execute(db);
  await sql`
    insert into baskets
    select gen_random_uuid(), jsonb_agg(distinct 'SKU-' || floor(10000 * power(random(), 4))), true
    from generate_series(1, 40000) as i, generate_series(1, 4) group by i`.execute(db);
  await sql`
    insert into advised_products select 'SKU-' || i, 'Product ' || i from generate_series(0, 9999) as i`.execute(db);
  await recount(db, 100_000);
  for (const table of ['product_counts', 'pair_counts', 'advised_products'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}, 300_000);
afterAll(() => own.drop());

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  'Heap Fetches'?: number;
  Plans?: Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

async function planOf(query: RawBuilder<unknown>): Promise<Plan> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`
    explain (analyze, buffers, format json) ${query}`.execute(own.database.kysely);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (!plan) throw new Error('PostgreSQL gave no plan');
  return plan;
}

const countTables: readonly (string | undefined)[] = ['pair_counts', 'product_counts'];

/** How the counts are read, how often a table had to be looked at for it, and whether it was done in few pages. */
async function readingOf(query: RawBuilder<unknown>) {
  const plan = await planOf(query);
  const scans = nodesOf(plan).filter((node) => countTables.includes(node['Relation Name']));
  return {
    scans: [...new Set(scans.map((node) => node['Node Type']))],
    looks: scans.reduce((sum, node) => sum + (node['Heap Fetches'] ?? 0), 0),
    isShort: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] < 1_000,
  };
}
const few = { scans: ['Index Only Scan'], looks: 0, isShort: true };

test.each([
  ['the most popular product', ['SKU-0']],
  ['a rare product', ['SKU-9000']],
  ['a basket', ['SKU-0', 'SKU-1', 'SKU-2', 'SKU-5000', 'SKU-9000']],
  ['a basket of fifty', Array.from({ length: 50 }, (_, index) => `SKU-${index}`)],
])('advice for %s is read from few pages of indexes alone', async (_, skus) => {
  expect(await readingOf(companionsOf(skus, 10))).toEqual(few);
});

test('popular products are read from few pages of an index alone', async () => {
  expect(await readingOf(popularWithout(['SKU-0'], 10))).toEqual(few);
});
