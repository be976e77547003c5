import type { Client } from '@temporalio/client';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { namespace as product } from '../config/namespace';

/** All saga workers are versions of this one deployment. */
const deploymentName = `${product}-sagas`;

/**
 * A saga lives for weeks, longer than old workers are kept, so it continues on whatever version is current.
 * Changes to its code must therefore be patched (docs/how-to/deploy.md).
 */
export const versionOf = (buildId: string): WorkerDeploymentOptions => ({
  version: { deploymentName, buildId },
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'AUTO_UPGRADE',
});

/**
 * Assigns new and open sagas to the workers of a version; the previous version remains available for a rollback.
 * @throws a ServiceError when the server does not know the version: its workers must have been started first.
 */
export async function promote({ workflowService, options }: Client, buildId: string): Promise<void> {
  const { namespace, identity } = options;
  await workflowService.setWorkerDeploymentCurrentVersion({ namespace, identity, deploymentName, buildId });
}
