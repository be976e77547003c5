import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EventRow } from '../../lib/eventlog/tables';
import { createRandom } from '../../tests/chaos/random';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { randomHistories } from '../../tests/support/order-histories';
import { funnelIn, productsIn, salesIn } from '../../tests/support/order-numbers';
import { createSubscriber, type Subscriber } from '../../tests/lib-support/subscriber';
import { analyticsMigrations } from './migrations';
import { createAnalyticsRoutes } from './routes';
import { sales } from './read-models/sales';
import type { AnalyticsTables } from './tables';

const begin = new Date('2026-01-30T00:00:00Z');
const ranges = [
  { from: begin.toISOString(), to: '2026-03-01T00:00:00.000Z' },
  { from: '2026-01-31T05:17:00.000Z', to: '2026-02-02T12:34:56.789Z' },
];
/** What is in the log after each run. */
const log: EventRow[] = [];
let subscriber: Subscriber<AnalyticsTables>;
let http: TestApp;

beforeAll(async () => {
  subscriber = await createSubscriber<AnalyticsTables>(sales, analyticsMigrations);
  http = await createTestApp(createAnalyticsRoutes(subscriber.test.database.kysely));
}, 60_000);
afterAll(() => subscriber.drop());

async function itemsAt(path: string, query: Record<string, string>): Promise<unknown> {
  const { status, body } = await http.call('GET', `/analytics/${path}?${new URLSearchParams(query).toString()}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body['items'];
}

/** Every number that there is, against the same from the plain events. */
async function expectTheNumbersOfTheLog(): Promise<void> {
  for (const range of ranges) {
    for (const bucket of ['minute', 'hour', 'day', 'month'] as const) {
      const asked = { ...range, bucket };
      expect(await itemsAt('sales', asked)).toEqual(salesIn(log, asked));
      expect(await itemsAt('funnel', asked)).toEqual(funnelIn(log, asked));
    }
    for (const by of ['revenue', 'units'] as const)
      expect(await itemsAt('products', { ...range, by })).toEqual(productsIn(log, range, by));
    expect(await itemsAt('funnel', range)).toEqual(funnelIn(log, range));
  }
}

test.each([1, 2, 3])(
  'random orders that come late, repeated, failing and redriven give the numbers of their log, as does a rebuild (%i)',
  async (seed) => {
    const events = randomHistories(createRandom(seed), 150, begin);
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
    await expectTheNumbersOfTheLog();

    expect(await subscriber.rebuild()).toMatchObject({ events: log.length, differences: { count: 0 } });
    await subscriber.send(sent.slice(0, 100));
    await subscriber.applied(log);
    await expectTheNumbersOfTheLog();
  },
  120_000,
);

test('what a service missed that came later is taken in by a whole rebuild, and it goes on from there', async () => {
  const events = randomHistories(createRandom(5), 50, begin);
  const isMissed = ({ version }: EventRow): boolean => version <= 2;
  await subscriber.record(events.filter(isMissed));
  log.push(...events);
  const rest = events.filter((event) => !isMissed(event));
  await subscriber.record(rest.slice(0, rest.length / 2));
  await subscriber.send(rest.slice(0, rest.length / 2));
  expect(await subscriber.rebuild({ whole: true })).toMatchObject({ events: log.length - Math.ceil(rest.length / 2) });
  await expect(subscriber.swapBack()).rejects.toThrow('has less of the log');

  await subscriber.record(rest.slice(rest.length / 2));
  await subscriber.send(rest);
  await subscriber.applied(log);
  await expectTheNumbersOfTheLog();
}, 60_000);
