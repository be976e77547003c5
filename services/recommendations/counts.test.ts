import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { DataOf } from '../../lib/events/define';
import type { orderCreated, orderReduced } from '../../contracts/events/order';
import type { EventRow } from '../../lib/eventlog/tables';
import { createLogger } from '../../lib/telemetry/logger';
import { createRandom } from '../../tests/chaos/random';
import { eventually } from '../../tests/lib-support/eventually';
import { randomHistories } from '../../tests/support/order-histories';
import { createSubscriber, type Subscriber } from '../../tests/lib-support/subscriber';
import { baskets } from './read-models/baskets';
import { areCountsOld } from './counts-store';
import { recommendationMigrations } from './migrations';
import { createRecounting } from './recounting';
import { recount } from './recount-store';
import type { RecommendationTables } from './tables';

/** What is in the log after each run. */
const log: EventRow[] = [];
let subscriber: Subscriber<RecommendationTables>;
beforeAll(async () => {
  subscriber = await createSubscriber<RecommendationTables>(baskets, recommendationMigrations);
}, 60_000);
afterAll(() => subscriber.drop());

/** The products of each order that counts, in plain code. */
function basketsOfTheLog(): string[][] {
  const orders = new Map<string, EventRow[]>();
  for (const event of log) orders.set(event.stream, [...(orders.get(event.stream) ?? []), event]);
  return [...orders.values()].flatMap((events) => {
    const dataOf = (type: string): unknown => events.find((event) => event.type === type)?.data;
    if (!dataOf('order.confirmed') || dataOf('order.cancelled') || dataOf('order.returned')) return [];
    const created = dataOf('order.created') as DataOf<typeof orderCreated>;
    const reduced = dataOf('order.reduced') as DataOf<typeof orderReduced> | undefined;
    return [created.items.map(({ sku }) => sku).filter((sku) => !reduced?.dropped.includes(sku))];
  });
}

function countsOfTheLog(): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (key: string) => (counts[key] = (counts[key] ?? 0) + 1);
  for (const skus of basketsOfTheLog()) {
    count('baskets');
    for (const sku of skus) {
      count(sku);
      for (const other of skus) if (other !== sku) count(`${sku} with ${other}`);
    }
  }
  return counts;
}

async function counted(): Promise<Record<string, number>> {
  const { kysely: db } = subscriber.test.database;
  const products = await db.selectFrom('product_counts').selectAll().where('baskets', '<>', 0).execute();
  const pairs = await db.selectFrom('pair_counts').selectAll().where('together', '<>', 0).execute();
  const { baskets: all } = await db.selectFrom('basket_totals').select('baskets').executeTakeFirstOrThrow();
  return Object.fromEntries([
    ['baskets', all],
    ...products.map((row) => [row.sku, row.baskets] as const),
    ...pairs.map(({ sku, other, together }) => [`${sku} with ${other}`, together] as const),
  ]);
}

test.each([1, 2, 3])(
  'orders that come late, repeated, failing and redriven count once, and not when cancelled or returned (%i)',
  async (seed) => {
    const events = randomHistories(createRandom(seed), 150, new Date('2026-01-30T00:00:00Z'));
    log.push(...events);
    const twice = fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 });
    const [sent = []] = fc.sample(twice, { seed, numRuns: 1 });
    const broken = events.filter((_, index) => index % 97 === 0).map(({ event_id }) => event_id);
    await subscriber.record(events);
    subscriber.breakOn(broken);
    await subscriber.send(sent);
    await subscriber.dead(broken.length);
    subscriber.restore();
    await subscriber.redrive();
    await subscriber.applied(log);
    expect(await counted()).toEqual(countsOfTheLog());
  },
  120_000,
);

test('a table of baskets that a rebuild has swapped is recounted, and updated from then on', async () => {
  const { kysely: db } = subscriber.test.database;
  await db.updateTable('baskets').set({ counts: true }).execute();
  await db.updateTable('pair_counts').set({ together: 7 }).execute();
  expect(await subscriber.rebuild()).toMatchObject({ events: log.length });
  expect(await areCountsOld(db)).toBe(true);
  const recounting = createRecounting({
    url: subscriber.test.url,
    logger: createLogger({ name: 'test', level: 'silent' }),
    everyMs: 20,
  });
  recounting.start();
  await eventually(async () => expect(await areCountsOld(db)).toBe(false));
  await recounting.stop();
  expect(await counted()).toEqual(countsOfTheLog());

  const events = randomHistories(createRandom(4), 20, new Date('2026-01-30T00:00:00Z'));
  log.push(...events);
  await subscriber.record(events);
  await subscriber.send(events);
  await subscriber.applied(log);
  expect(await counted()).toEqual(countsOfTheLog());
}, 60_000);

test('during a recount, orders go on and are counted', async () => {
  const { kysely: db } = subscriber.test.database;
  await db.updateTable('product_counts').set({ baskets: 7 }).execute();
  await db.insertInto('pair_counts').values({ sku: 'HELD-1', other: 'HELD-2', together: 5 }).execute();
  const holding = await db.startTransaction().execute();
  await holding.selectFrom('pair_counts').select('sku').where('sku', '=', 'HELD-1').forUpdate().execute();
  const recounted = recount(db, 3);
  try {
    await eventually(async () => {
      const { rows } = await sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%lacking_pairs%'`.execute(db);
      expect(rows).toHaveLength(1);
    });
    const events = randomHistories(createRandom(5), 20, new Date('2026-01-30T00:00:00Z'));
    log.push(...events);
    await subscriber.record(events);
    await subscriber.send(events);
    await subscriber.applied(log);
  } finally {
    await holding.rollback().execute();
    await recounted;
  }
  expect(await counted()).toEqual(countsOfTheLog());
}, 90_000);

test('two recounts at once count once', async () => {
  const { kysely: db } = subscriber.test.database;
  await db.updateTable('product_counts').set({ baskets: 7 }).execute();
  await Promise.all([recount(db, 2), recount(db, 2), recount(db, 2)]);
  expect(await counted()).toEqual(countsOfTheLog());
});
