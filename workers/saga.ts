import { join } from 'node:path';
import { taskQueues } from '../contracts/saga/order';
import { bundleWorkflows } from '../lib/temporal/bundle';
import { failureConverterPath } from '../lib/temporal/codec';
import { createSagaWorker } from '../lib/temporal/worker';
import { temporalOf, type Platform } from './platform/platform';

/** Workflows are bundled from their path, never imported: they run in a sandbox. */
const workflowsPath = join(__dirname, '../workflows');

/** Bundles the workflows before the saga worker needs them, for callers that wait for something else meanwhile. */
export const bundleSagas = (payloads: 'plain' | 'encrypted' = 'plain') =>
  bundleWorkflows(workflowsPath, payloads === 'plain' ? {} : { failureConverterPath });

/** Creates the worker that carries the sagas forward, and calls steps whose owners run in this process. @returns its start. */
export async function prepareSagaWorker(platform: Platform): Promise<() => void> {
  const { lifecycle, config } = platform;
  const worker = await createSagaWorker({
    temporal: temporalOf(platform),
    taskQueue: taskQueues.saga,
    workflowsPath,
    bundlePath: config.WORKFLOW_BUNDLE,
    buildId: config.WORKER_BUILD_ID,
    findStep: (activity) => platform.steps.get(activity),
  });
  return () => {
    worker.start();
    lifecycle.onStop('saga worker', () => worker.stop());
  };
}
