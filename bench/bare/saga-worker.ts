import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** The limit's worker: one queue for workflow and activities, with the slots and polls of the real ones. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233' });
  const worker = await Worker.create({
    connection,
    taskQueue: 'bare-saga',
    workflowsPath: require.resolve('./saga-workflow'),
    activities: { step: () => Promise.resolve() },
    maxConcurrentWorkflowTaskPolls: 40,
    maxConcurrentWorkflowTaskExecutions: 100,
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentActivityTaskPolls: 20,
  });
  const running = worker.run();
  process.send?.('ready');
  process.on('SIGTERM', () => worker.shutdown());
  await running;
}

void main();
