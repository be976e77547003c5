import { join } from 'node:path';
import { taskQueues } from '../../contracts/saga/task-queues';
import { bundleWorkflows } from '../../lib/temporal/bundle';
import { createSagaWorker } from '../../lib/temporal/worker';
import { opsMigrations } from '../../lib/operations/migrations';
import { bridgeSubscriptions } from '../bridge/bridge';
import { bridgeMigrations } from '../bridge/migrations';
import { policyOf } from '../config';
import { openMigrated, temporalOf, type Platform } from '../platform';
import { bridgeName } from '../roles';
import { startConsumer } from './consumer';

/** Workflows are named by their place, never imported: they run in a sandbox of their own. */
const workflowsPath = join(__dirname, '../../workflows');

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

/** The bridge's database: its inbox. */
export const openBridge = (platform: Platform) =>
  openMigrated(platform, bridgeName, platform.config.BRIDGE_DATABASE_URL, { ...bridgeMigrations, ...opsMigrations });

/** Starts the bridge: from facts on the broker to sagas in Temporal. */
export async function startBridge(platform: Platform): Promise<void> {
  const database = await openBridge(platform);
  const broker = await platform.brokerOf(bridgeName);
  const subscriptions = bridgeSubscriptions({
    client: () => temporalOf(platform).client,
    policy: (currency) => policyOf(platform.config, currency),
  });
  for (const subscription of subscriptions) await startConsumer(platform, broker, database, bridgeName, subscription);
}
