import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { fail, type PlatformError } from '../errors/errors';
import { whenReachable } from './outage';

/** How long a worker may take to answer; without one nobody does. */
const patienceMs = 10_000;

export interface Update {
  workflowId: string;
  name: string;
  argument: unknown;
  /** The same id is carried out once, however often it is sent. */
  updateId: string;
}

/**
 * Has a workflow take an update, and waits until it has.
 * @throws what `refused` makes of it when the workflow refuses or has ended; `unavailable` when nobody answers.
 */
export async function updateWorkflow(
  client: Client,
  { workflowId, name, argument, updateId }: Update,
  refused: (why: string) => PlatformError,
): Promise<void> {
  const send = () =>
    client.workflow.getHandle(workflowId).executeUpdate<unknown, [unknown]>(name, { args: [argument], updateId });
  try {
    await whenReachable(() => client.withDeadline(Date.now() + patienceMs, send));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refused(error.cause?.message ?? error.message);
    if (error instanceof WorkflowNotFoundError) throw refused(`${workflowId} has ended, or never began`);
    if ((error as Error).name === 'WorkflowUpdateRPCTimeoutOrCancelledError')
      throw fail('unavailable', `No worker answers for ${workflowId}; the decision may still be taken`);
    throw error;
  }
}
