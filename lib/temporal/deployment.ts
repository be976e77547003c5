import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { namespace as product } from '../config/namespace';
import { platformError } from '../errors/errors';

/** gRPC's NOT_FOUND. */
const notFound = 5;

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
 * @throws `not-found` when the server does not know the version: its workers must have been started first.
 */
export async function promote({ workflowService, options }: Client, buildId: string): Promise<void> {
  const { namespace, identity } = options;
  try {
    await workflowService.setWorkerDeploymentCurrentVersion({ namespace, identity, deploymentName, buildId });
  } catch (error) {
    if (!isGrpcServiceError(error) || (error.code as number) !== notFound) throw error;
    throw platformError('not-found', `Version ${buildId} was not found in ${deploymentName}: start its workers first`);
  }
}
