import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Stack } from '../infra/local/stack';
import type { Bareness } from './bare/saga-workflow';
import { createBenchDatabase } from './log';
import { startProgram } from './process';

/** The limit for the saga, on the same servers. */
export interface BareSaga {
  /** Five activities on the queues of their owners, each of which asks its third party and appends one event. */
  run: () => Promise<void>;
  /** The same without third parties. */
  runEvents: () => Promise<void>;
  /** Five activities that do nothing, on the workflow's own queue. */
  runEmpty: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts its workers, in a process of their own. */
export async function startBareSaga({ env, addresses }: Stack, order: string): Promise<BareSaga> {
  const log = await createBenchDatabase(addresses.databaseUrl, 'bench_bare_saga');
  const worker = await startProgram(resolve('bench/bare/saga-worker.ts'), [], { ...env, BENCH_DATABASE_URL: log.url });
  const connection = await Connection.connect({ address: env['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection });
  const { payment, ...more } = JSON.parse(order) as { payment: { token: string } };
  const placed = { ...more, paymentToken: payment.token, total: { amount: 2500, currency: 'EUR' } };
  const run = (bareness: Bareness): Promise<void> =>
    client.workflow.execute('bareSaga', {
      taskQueue: 'bare-saga',
      workflowId: randomUUID(),
      args: [placed, bareness],
    });
  return {
    run: () => run('steps'),
    runEvents: () => run('events'),
    runEmpty: () => run('nothing'),
    stop: async () => {
      await Promise.all([connection.close(), worker.stop()]);
      await log.close();
    },
  };
}
