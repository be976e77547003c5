import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql, type RawBuilder } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { funnelOfPlaced } from './funnel-store';
import { analyticsMigrations } from './migrations';
import { salesBooked } from './sales-store';
import type { AnalyticsTables } from './tables';

/* An order every five minutes for nearly a year; every tenth is cancelled at once, every fiftieth sent back. */
let own: TestDatabase<AnalyticsTables>;
beforeAll(async () => {
  own = await createTestDatabase<AnalyticsTables>(analyticsMigrations);
  const { kysely: db } = own.database;
  await sql`
    insert into sales
    select gen_random_uuid(), 'confirmed', 'EUR', i, 1, '[{"sku": "TEA-1", "quantity": 1, "amount": 1}]', placed,
      case when i % 10 > 0 then placed end, case when i % 10 = 0 then placed end,
      case when i % 10 = 0 then 'out-of-stock' end, null, null, case when i % 50 = 7 then placed end
    from generate_series(1, 100000) as i,
      lateral (select timestamptz '2026-01-01Z' + i * interval '5 minutes') as at (placed)`.execute(db);
  await sql`vacuum analyze sales`.execute(db);
}, 60_000);
afterAll(() => own.drop());

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  Plans?: Plan[];
}
const scansOf = (plan: Plan): string[] => [
  ...(plan['Node Type'].includes('Scan') && plan['Node Type'] !== 'Subquery Scan' && plan['Node Type'] !== 'CTE Scan'
    ? [`${plan['Node Type']} ${plan['Index Name'] ?? ''}`]
    : []),
  ...(plan.Plans ?? []).flatMap(scansOf),
];

async function scansFor(query: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`explain (format json) ${query}`.execute(
    own.database.kysely,
  );
  return rows.flatMap((row) => scansOf(row['QUERY PLAN'][0].Plan)).sort();
}

const week = { from: new Date('2026-05-01Z'), to: new Date('2026-05-08Z'), currency: 'EUR' };

test('sales of a week are read from two indexes alone', async () => {
  const scans = ['Index Only Scan sales_confirmed', 'Index Only Scan sales_refunded'];
  expect(await scansFor(salesBooked({ ...week, bucket: 'hour' }))).toEqual(scans);
});

test('the funnel of a week is read from one index alone', async () => {
  expect(await scansFor(funnelOfPlaced({ ...week, bucket: 'day' }))).toEqual(['Index Only Scan sales_placed']);
});
