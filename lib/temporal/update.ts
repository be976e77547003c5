import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { platformError, type PlatformError } from '../errors/errors';
import { whenReachable } from './outage';

export interface Update {
  workflowId: string;
  name: string;
  argument: unknown;
  /** The same id is carried out once, however often it is sent. */
  updateId: string;
  /** How long a worker may take to answer; without one nobody does. */
  patienceMs?: number;
}

/**
 * Has a workflow take an update, and waits until it has.
 * @throws what `refused` makes of it when the workflow refuses, or is gone: it has ended, or Temporal does not know it; `unavailable` when nobody answers.
 */
export async function updateWorkflow(
  client: Client,
  { workflowId, name, argument, updateId, patienceMs = 10_000 }: Update,
  refused: (why: string, isGone: boolean) => PlatformError,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const send = () =>
    handle.executeUpdate<unknown, [unknown]>(name, { args: [argument], updateId }).catch((error: unknown) => {
      // Temporal has it, unlike in an outage: a worker that comes back will find it.
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
        throw platformError('unavailable', `No worker answers for ${workflowId}; the decision may still be taken`);
      throw error;
    });
  try {
    await whenReachable(() => client.withDeadline(Date.now() + patienceMs, send));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refused(error.cause?.message ?? error.message, false);
    if (error instanceof WorkflowNotFoundError) throw refused(`${workflowId} has ended, or never began`, true);
    throw error;
  }
}
