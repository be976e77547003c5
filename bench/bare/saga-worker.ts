import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { setting } from '../once';

const insert = {
  name: 'append',
  text: `insert into events (event_id, stream, version, type, data_version, data, metadata)
    values ($1, $2, $3, 'step.done', 1, $4, '{}')`,
};

/**
 * The limit's workers: a queue for the workflow and one for each service, with the slots and polls of the real ones. Each
 * activity appends one event in one statement; on the workflow's own queue it does nothing at all.
 */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: setting('TEMPORAL_ADDRESS') });
  const pool = new pg.Pool({ connectionString: setting('BENCH_DATABASE_URL'), max: 10 });
  const append = async (order: unknown, stream: string, version: number): Promise<void> => {
    await pool.query({ ...insert, values: [randomUUID(), stream, version, JSON.stringify(order)] });
  };
  const slots = { connection, maxConcurrentActivityTaskExecutions: 100 };
  const saga = await Worker.create({
    ...slots,
    taskQueue: 'bare-saga',
    workflowsPath: require.resolve('./saga-workflow'),
    activities: { doNothing: () => Promise.resolve() },
    maxConcurrentWorkflowTaskPolls: 40,
    maxConcurrentWorkflowTaskExecutions: 100,
    maxConcurrentActivityTaskPolls: 20,
  });
  const owners = ['inventory', 'payments', 'shipping', 'orders'].map((owner) =>
    Worker.create({ ...slots, taskQueue: `bare-${owner}`, activities: { append }, maxConcurrentActivityTaskPolls: 5 }),
  );
  const workers = [saga, ...(await Promise.all(owners))];
  const running = Promise.all(workers.map((worker) => worker.run()));
  process.send?.('ready');
  process.on('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
  await running;
  await pool.end();
}

void main();
