import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Stack } from '../infra/local/stack';
import { measureOnce } from './once';
import { hearEndings, type Endings } from './endings';
import { median, percentile, rateResult, timeResult, type Measured } from './measure';
import { startPlatform, type Platform } from './platform';
import { startProgram } from './process';

const rounds = 3;
const ordersPerRound = 150;
const ordersAlone = 40;

/** Throughput and lone latency of the saga beside a bare workflow with five activities on the same server, in turns. */
export async function benchSaga(stack: Stack, order: string): Promise<Measured> {
  const cached = await measureOnce<{ kibibytes: number; bundleKb: number }>('cached-process.ts', stack.env);
  const platform = await startPlatform(stack, ['all']);
  const idle = await platform.memory();
  const bareWorker = await startProgram(resolve('bench/bare/saga-worker.ts'), [], stack.env);
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection });
  const endings = await hearEndings(stack.env['RABBITMQ_URL'] ?? '');
  try {
    const rates = { ours: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      const bare = await rate(() => bareSaga(client, order));
      const ours = await rate(() => confirmedOrder(platform, endings, order));
      // The first round warms both up.
      if (round === 0) continue;
      rates.ours.push(ours);
      rates.bare.push(bare);
    }
    const times = { ours: [] as number[], bare: [] as number[] };
    for (let index = 0; index < ordersAlone; index += 1) {
      times.bare.push(await milliseconds(() => bareSaga(client, order)));
      times.ours.push(await confirmedOrder(platform, endings, order));
    }
    const results = [
      rateResult('orders per second through the saga', median(rates.ours), median(rates.bare), 0.85),
      timeResult('202 → confirmed, one in flight, p50', median(times.ours), median(times.bare), 60),
      {
        ...timeResult(
          '202 → confirmed, one in flight, p99',
          percentile(times.ours, 0.99),
          percentile(times.bare, 0.99),
          60,
        ),
        bar: 'reported',
        reached: true,
      },
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
    await Promise.all([connection.close(), endings.close()]);
    await Promise.all([platform.stop(), bareWorker.stop()]);
  }
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

export const bareSaga = (client: Client, order: string): Promise<void> =>
  client.workflow.execute('bareSaga', { taskQueue: 'bare-saga', workflowId: randomUUID(), args: [JSON.parse(order)] });

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
