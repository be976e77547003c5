import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Stack } from '../infra/local/stack';
import { createBenchDatabase } from './log';
import { startProgram } from './process';

/** The limit for the saga, on the same servers. */
export interface BareSaga {
  /** Five activities on the queues of their owners, each of which appends one event. */
  run: () => Promise<void>;
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
  const run = (here: boolean): Promise<void> =>
    client.workflow.execute('bareSaga', {
      taskQueue: 'bare-saga',
      workflowId: randomUUID(),
      args: [JSON.parse(order), here],
    });
  return {
    run: () => run(false),
    runEmpty: () => run(true),
    stop: async () => {
      await Promise.all([connection.close(), worker.stop()]);
      await log.close();
    },
  };
}
