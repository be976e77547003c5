import type { Client } from '@temporalio/client';
import { platformError } from '../errors/errors';
import { whenReachable } from './outage';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/**
 * Gives a workflow that was ended from outside, or has failed, a new run that goes on where the last one was: with its
 * history up to the last decision, and the signals it heard (Temporal's reset). What was under way then is done again,
 * under the same effect keys.
 * @param requestId the same for a repetition of the same call.
 * @throws `conflict` when it runs, or has ended by itself; `unavailable`; WorkflowNotFoundError when it never began.
 */
export async function restartWorkflow(
  client: Client,
  workflowId: string,
  { reason, requestId }: { reason: string; requestId: string },
): Promise<void> {
  await whenReachable(async () => {
    const { status, runId } = await client.workflow.getHandle(workflowId).describe();
    if (status.name === 'RUNNING' || status.name === 'COMPLETED') {
      const is = status.name === 'RUNNING' ? 'runs' : 'has ended by itself';
      throw platformError('conflict', `${workflowId} ${is}; only what was ended before its time can be restarted`);
    }
    const workflowExecution = { workflowId, runId };
    await client.workflowService.resetWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution,
      reason,
      requestId,
      workflowTaskFinishEventId: lastDecision(await client.workflow.getHandle(workflowId, runId).fetchHistory()),
    });
  });
}

/** Where the last workflow task ended; where the first one would have, when none did. */
function lastDecision({ events }: History) {
  const ended = events?.findLast(({ workflowTaskCompletedEventAttributes: completed }) => completed);
  const begun = events?.find(({ workflowTaskScheduledEventAttributes: scheduled }) => scheduled);
  return ended?.eventId ?? begun?.eventId?.add(1) ?? null;
}
