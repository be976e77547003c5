import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { details } from '../../tests/support/order-details';
import { orderListQuery } from '../../contracts/http/orders';
import { createLive } from './live';
import { orderMigrations } from './migrations';
import { createOrderRoutes } from './routes';
import { createOrdersService } from './service';
import { ordersQuery } from './store';
import type { OrderTables } from './tables';

/*
 * A million orders, one every ten seconds, of 10,000 users; every hundredth is cancelled, every ten-thousandth is in
 * dollars, totals go from 1 to 1,000,000 cents, each once.
 */
const count = 1_000_000;
const begin = Date.UTC(2026, 0, 1);
const placedAt = (index: number): string => new Date(begin + index * 10_000).toISOString();

const idOf = (index: number): string => {
  const hex = Math.floor(begin + index * 10_000)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8888-${index.toString(16).padStart(12, '8')}`;
};

let db: TestDatabase<OrderTables>;
let http: TestApp;
beforeAll(async () => {
  db = await createTestDatabase<OrderTables>(orderMigrations);
  const { kysely } = db.database;
  await sql`
    insert into orders
    select (lpad(to_hex(ms), 12, '0') || '7000' || lpad(to_hex(i), 16, '8'))::uuid,
      ('00000000-0000-7000-8000-' || lpad((i % 10000)::text, 12, '0'))::uuid,
      case when i % 100 = 0 then 'cancelled' else 'confirmed' end, 2, (i * 7919) % ${count}::bigint + 1,
      case when i % 10000 = 0 then 'USD' else 'EUR' end, null,
      to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0)
    from generate_series(0, ${count}::bigint - 1) as i, lateral (select ${begin}::bigint + i * 10000) as at (ms)`.execute(
    kysely,
  );
  await sql`analyze orders`.execute(kysely);
  const notifier = { notify: () => undefined };
  const service = createOrdersService({
    details,
    database: db.database,
    notifier,
    clock: () => new Date(),
    ids: () => '',
  });
  http = await createTestApp(
    createOrderRoutes(service, details, createLive(kysely, { subscribe: () => () => undefined })),
  );
}, 120_000);
afterAll(() => db.drop());

interface Plan {
  'Node Type': string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}
const nodeTypes = (plan: Plan): string[] => [plan['Node Type'], ...(plan.Plans ?? []).flatMap(nodeTypes)];

async function planOf(query: Record<string, unknown>): Promise<Plan> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`
    explain (analyze, buffers, format json) ${ordersQuery(db.database.kysely, orderListQuery.parse(query))}`.execute(
    db.database.kysely,
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (!plan) throw new Error('PostgreSQL gave no plan');
  return plan;
}

const user = '00000000-0000-7000-8000-000000000017';
test.each<Record<string, unknown>>([
  {},
  { status: 'cancelled' },
  { userId: user },
  { userId: user, status: 'cancelled' },
  { from: placedAt(500_000) },
  { to: placedAt(10) },
  { from: placedAt(400_000), to: placedAt(400_100) },
  { from: placedAt(400_000), to: placedAt(400_100), status: 'cancelled' },
  { minTotal: 999_990 },
  { maxTotal: 500_000 },
  { minTotal: 10, maxTotal: 20, currency: 'EUR' },
  { userId: user, minTotal: 500_000 },
  { status: 'cancelled', minTotal: 500_000 },
  { status: 'cancelled', minTotal: 999_900 },
  { status: 'returned', minTotal: 10 },
  { minTotal: 999_900, from: placedAt(300_000), to: placedAt(900_000) },
  { minTotal: 500_000, from: placedAt(300_000), to: placedAt(900_000) },
  { currency: 'USD' },
  { currency: 'USD', minTotal: 500_000 },
  { currency: 'USD', minTotal: 999_900 },
  { currency: 'USD', status: 'confirmed' },
  { currency: 'JPY' },
  { cursor: idOf(20_000) },
  { cursor: idOf(20_000), status: 'cancelled' },
  { cursor: idOf(20_000), minTotal: 500_000 },
  { cursor: idOf(900_000), currency: 'USD' },
])('at a million orders a page of %p is read through an index', async (query) => {
  const plan = await planOf(query);
  expect(nodeTypes(plan)).not.toContain('Seq Scan');
  // A page of 50 rows, each on a block of its own, and the way there: not a thousandth of the table's 12,000 blocks.
  expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(400);
});

test('filters go together, and pages follow each other without a gap', async () => {
  const filter = `status=cancelled&from=${placedAt(1_000)}&to=${placedAt(2_000)}&currency=EUR&limit=7`;
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await http.call('GET', `/orders?${filter}${cursor}`);
    const { items, nextCursor } = body as { items: { placedAt: string }[]; nextCursor?: string };
    seen.push(...items.map((item) => item.placedAt));
    if (nextCursor === undefined) break;
    cursor = `&cursor=${nextCursor}`;
  }
  expect(seen).toEqual([1_900, 1_800, 1_700, 1_600, 1_500, 1_400, 1_300, 1_200, 1_100, 1_000].map(placedAt));
});

test('totals are compared with both ends included', async () => {
  const { body } = await http.call('GET', '/orders?minTotal=41&maxTotal=43');
  const { items } = body as { items: { total: { amount: number } }[] };
  expect(items.map(({ total }) => total.amount).sort()).toEqual([41, 42, 43]);
});

test.each([
  ['from=yesterday', 'from'],
  ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
  ['minTotal=-1', 'minTotal'],
  ['minTotal=2&maxTotal=1', 'maxTotal'],
  ['currency=euro', 'currency'],
])('GET /orders?%s is refused, and the field is named', async (query, field) => {
  expect(await http.call('GET', `/orders?${query}`)).toMatchObject({ status: 400, body: { field } });
});
