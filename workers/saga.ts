import { join } from 'node:path';
import { taskQueues } from '../contracts/saga/order';
import { bundleWorkflows } from '../lib/temporal/bundle';
import { createSagaWorker } from '../lib/temporal/worker';
import { temporalOf, type Platform } from './platform/platform';

/** Workflows are named by their place, never imported: they run in a sandbox of their own. */
const workflowsPath = join(__dirname, '../workflows');

/** Bundles the workflows ahead of the saga worker, which then finds that done: for who has to wait for others anyway. */
export const bundleSagas = () => bundleWorkflows(workflowsPath);

/** Starts the worker that carries the sagas forward. */
export async function startSagaWorker(platform: Platform): Promise<void> {
  const { lifecycle, config } = platform;
  const worker = await createSagaWorker({
    temporal: temporalOf(platform),
    taskQueue: taskQueues.saga,
    workflowsPath,
    buildId: config.WORKER_BUILD_ID,
  });
  worker.start();
  lifecycle.onStop('saga worker', () => worker.stop());
}
