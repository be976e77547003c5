import { randomUUID } from 'node:crypto';
import type { Stack } from '../infra/local/stack';
import { services } from '../workers/services';
import { startBareSaga, type BareSaga } from './bare-saga';
import { measureOnce } from './once';
import { hearEndings, type Endings } from './endings';
import { median, percentile, rateResult, reported, timeResult, type Measured } from './measure';
import { startPlatform, type Platform } from './platform';

const rounds = 3;
const ordersPerRound = 150;
const ordersAlone = 40;

/** Who takes part in a saga: the services with events of their own, the bridge, and the worker of the workflows. */
const takingPart = [...services.flatMap(({ name, exchange }) => (exchange ? [name] : [])), 'bridge', 'saga'];

/**
 * Throughput of the saga, by the roles that take part in it, beside a bare workflow with as many activities on the same
 * servers, in turns; then the same, and lone latency, with every role in one process.
 */
export async function benchSaga(stack: Stack, order: string): Promise<Measured> {
  const cached = await measureOnce<{ kibibytes: number; bundleKb: number }>('cached-process.ts', stack.env);
  const bareSaga = await startBareSaga(stack, order);
  const endings = await hearEndings(stack.env['RABBITMQ_URL'] ?? '');
  const measure = async <Result>(roles: string[], look: (side: Side) => Promise<Result>): Promise<Result> => {
    const platform = await startPlatform(stack, roles);
    const confirm = () => confirmedOrder(platform, endings, order);
    return look({ platform, confirm, bareSaga }).finally(() => platform.stop());
  };
  try {
    const all = await measure(['all'], async (side) => {
      const idle = await side.platform.memory();
      const rates = await ratesOf(side);
      return { idle, rates, times: await timesOf(side), after: await side.platform.memory() };
    });
    const path = await measure(takingPart, ratesOf);
    const { times } = all;
    return {
      results: [
        rateResult('orders per second through the saga', path.ours, path.bare, 0.85),
        reported(rateResult('the same beside activities that do nothing', path.ours, path.empty, 0.85)),
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
  /** Places an order and waits until it is confirmed; gives back the milliseconds from the 202 on. */
  confirm: () => Promise<number>;
  bareSaga: BareSaga;
}

/** The rates of rounds in turns, the first of which warms up. */
async function ratesOf({ confirm, bareSaga }: Side) {
  const rates = { ours: [] as number[], bare: [] as number[], empty: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const once = { empty: await rate(bareSaga.runEmpty), bare: await rate(bareSaga.run), ours: await rate(confirm) };
    if (round === 0) continue;
    rates.ours.push(once.ours);
    rates.bare.push(once.bare);
    rates.empty.push(once.empty);
  }
  return { ours: median(rates.ours), bare: median(rates.bare), empty: median(rates.empty) };
}

/** The times of single ones, in turns. */
async function timesOf({ confirm, bareSaga }: Side) {
  const times = { ours: [] as number[], bare: [] as number[] };
  for (let index = 0; index < ordersAlone; index += 1) {
    times.bare.push(await milliseconds(bareSaga.run));
    times.ours.push(await confirm());
  }
  return times;
}

/** Runs a round of sagas, all begun at once, and gives the rate at which they ended. */
async function rate(run: () => Promise<unknown>): Promise<number> {
  const elapsed = await milliseconds(() => Promise.all(Array.from({ length: ordersPerRound }, run)));
  return (ordersPerRound * 1000) / elapsed;
}

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}

/** Places an order and waits until a subscriber hears that it is confirmed; gives back the time from the 202 on. */
export async function confirmedOrder({ url, token }: Platform, endings: Endings, body: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
  };
  const placed = await fetch(`${url}/orders`, { method: 'POST', headers, body });
  const { orderId } = (await placed.json()) as { orderId: string };
  const accepted = performance.now();
  await endings.confirmed(orderId);
  return performance.now() - accepted;
}
