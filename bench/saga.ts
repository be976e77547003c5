import { randomUUID } from 'node:crypto';
import type { Stack } from '../infra/local/stack';
import { startBareSaga } from './bare-saga';
import { measureOnce } from './once';
import { hearEndings, type Endings } from './endings';
import { median, percentile, rateResult, timeResult, type Measured, type Result } from './measure';
import { startPlatform, type Platform } from './platform';

const rounds = 3;
const ordersPerRound = 150;
const ordersAlone = 40;

/** Throughput and lone latency of the saga beside a bare workflow with as many activities on the same servers, in turns. */
export async function benchSaga(stack: Stack, order: string): Promise<Measured> {
  const cached = await measureOnce<{ kibibytes: number; bundleKb: number }>('cached-process.ts', stack.env);
  const platform = await startPlatform(stack, ['all']);
  const idle = await platform.memory();
  const bareSaga = await startBareSaga(stack, order);
  const endings = await hearEndings(stack.env['RABBITMQ_URL'] ?? '');
  try {
    const rates = { ours: [] as number[], bare: [] as number[], empty: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      const empty = await rate(bareSaga.runEmpty);
      const bare = await rate(bareSaga.run);
      const ours = await rate(() => confirmedOrder(platform, endings, order));
      // The first round warms both up.
      if (round === 0) continue;
      rates.ours.push(ours);
      rates.bare.push(bare);
      rates.empty.push(empty);
    }
    const times = { ours: [] as number[], bare: [] as number[] };
    for (let index = 0; index < ordersAlone; index += 1) {
      times.bare.push(await milliseconds(bareSaga.run));
      times.ours.push(await confirmedOrder(platform, endings, order));
    }
    const results = [
      rateResult('orders per second through the saga', median(rates.ours), median(rates.bare), 0.85),
      reported(rateResult('the same beside activities that do nothing', median(rates.ours), median(rates.empty), 0.85)),
      timeResult('202 → confirmed, one in flight, p50', median(times.ours), median(times.bare), 60),
      reported(
        timeResult(
          '202 → confirmed, one in flight, p99',
          percentile(times.ours, 0.99),
          percentile(times.bare, 0.99),
          60,
        ),
      ),
    ];
    return {
      results,
      memory: [
        `all roles, idle: ${idle} MiB`,
        `all roles, after the saga: ${await platform.memory()} MiB`,
        `a cached workflow: ${cached.kibibytes} KiB`,
        `the workflow bundle: ${cached.bundleKb} kB`,
      ],
    };
  } finally {
    await endings.close();
    await Promise.all([platform.stop(), bareSaga.stop()]);
  }
}

const reported = (result: Result): Result => ({ ...result, bar: 'reported', reached: true });

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
