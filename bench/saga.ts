import type { Stack } from '../infra/local/stack';
import { startBareSaga, type BareSaga } from './bare-saga';
import { measureOnce } from './once';
import { listenForEndings, type Endings } from './endings';
import { median, percentile, rateResult, reported, timeResult, type Measured } from './measure';
import { placeOrder } from './place-order';
import { startPlatform, takingPart, type Platform } from './platform';
import { inTurns } from './rounds';
import { sustainedRate } from './sustained';

/** Odd: the middle one counts. */
const rounds = { path: 9, reported: 3 };
const ordersPerRound = 200;
const ordersAlone = 40;

/**
 * Throughput of the saga, by the roles that take part in it, beside a bare workflow with as many activities on the same
 * servers, in turns; then the same, and lone latency, with every role in one process.
 */
export async function benchSaga(stack: Stack, order: string): Promise<Measured> {
  const cached = await measureOnce<{ kibibytes: number; bundleKb: number }>('cached-process.ts', stack.env);
  const bareSaga = await startBareSaga(stack, order);
  const endings = await listenForEndings(stack.env['RABBITMQ_URL'] ?? '');
  const measure = async <Result>(roles: string[], look: (side: Side) => Promise<Result>): Promise<Result> => {
    const platform = await startPlatform(stack, roles);
    const confirm = () => confirmedOrder(platform, endings, order);
    return look({ platform, confirm, bareSaga }).finally(() => platform.stop());
  };
  try {
    const [path, limits] = await measure(takingPart, async (side) => [
      await ratesOf(side, rounds.path),
      await otherRatesOf(side, rounds.reported),
    ]);
    const all = await measure(['all'], async (side) => {
      const idle = await side.platform.memory();
      const rates = await ratesOf(side, rounds.reported);
      return { idle, rates, times: await timesOf(side), after: await side.platform.memory() };
    });
    const { times } = all;
    return {
      results: [
        rateResult('orders per second through the saga', path.ours, path.bare, 0.85),
        reported(rateResult('the same beside activities that append an event', limits.ours, limits.events, 0.85)),
        reported(rateResult('the same beside activities that do nothing', limits.ours, limits.empty, 0.85)),
        reported(rateResult('with every role in the same process', all.rates.ours, all.rates.bare, 0.85)),
        timeResult('202 → confirmed, one in flight, p50', median(times.ours), median(times.bare), 60),
        reported(
          timeResult(
            '202 → confirmed, one in flight, p99',
            percentile(times.ours, 0.99),
            percentile(times.bare, 0.99),
            60,
          ),
        ),
      ],
      memory: [
        `all roles, idle: ${all.idle} MiB`,
        `all roles, after the saga: ${all.after} MiB`,
        `a cached workflow: ${cached.kibibytes} KiB`,
        `the workflow bundle: ${cached.bundleKb} kB`,
      ],
    };
  } finally {
    await endings.close();
    await bareSaga.stop();
  }
}

/** What is measured, and what beside it. */
interface Side {
  platform: Platform;
  /** Places an order and waits until it is confirmed; returns the milliseconds from the 202 on. */
  confirm: () => Promise<number>;
  bareSaga: BareSaga;
}

/** Beside the limit, warmed up. */
async function ratesOf({ confirm, bareSaga }: Side, count: number) {
  const sides = { bare: () => rate(bareSaga.run), ours: () => rate(confirm) };
  await inTurns(1, sides);
  return inTurns(count, sides);
}

/** Beside less than the limit. */
const otherRatesOf = ({ confirm, bareSaga }: Side, count: number) =>
  inTurns(count, {
    empty: () => rate(bareSaga.runEmpty),
    events: () => rate(bareSaga.runEvents),
    ours: () => rate(confirm),
  });

const rate = (run: () => Promise<unknown>): Promise<number> => sustainedRate(ordersPerRound, run);

/** The times of single ones, in turns. */
async function timesOf({ confirm, bareSaga }: Side) {
  const times = { ours: [] as number[], bare: [] as number[] };
  for (let index = 0; index < ordersAlone; index += 1) {
    times.bare.push(await milliseconds(bareSaga.run));
    times.ours.push(await confirm());
  }
  return times;
}

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}

/** Places an order and waits until a subscriber learns that it is confirmed; returns the time from the 202 on. */
export async function confirmedOrder({ url, token }: Platform, endings: Endings, body: string): Promise<number> {
  const orderId = await placeOrder(url, token, body);
  const accepted = performance.now();
  await endings.confirmed(orderId);
  return performance.now() - accepted;
}
