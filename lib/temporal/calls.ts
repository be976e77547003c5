import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { platformError, type PlatformError } from '../errors/errors';

/** gRPC's INVALID_ARGUMENT: the only answer that may mean that the request itself is at fault. */
const invalidArgument = 3;
/**
 * Requests name the platform's search attributes; a server that lacks one is not fully set up, and the request is
 * not at fault.
 */
const aboutSearchAttributes = /search ?attribute/i;

/**
 * Runs calls of Temporal's client, and distinguishes outages from answers. Errors with an SDK class of their own (a
 * workflow that does not exist, or was started before) are answers; so is INVALID_ARGUMENT, unless it is about search
 * attributes. All other errors are about Temporal itself: unreachable, forbidden, overloaded, no such namespace.
 * @throws `unavailable` when Temporal gave no answer; otherwise whatever `run` throws.
 */
export async function mapUnavailable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const why = outageIn(error);
    if (why === undefined) throw error;
    throw platformError('unavailable', `Temporal is unavailable: ${why}`);
  }
}

/** Why Temporal is unavailable; undefined when the error is an answer to the call. */
function outageIn(error: unknown): string | undefined {
  if (error instanceof NamespaceNotFoundError) return error.message;
  const answer = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!isGrpcServiceError(answer)) return undefined;
  const code: number = answer.code;
  const why = answer.details || answer.message;
  return code === invalidArgument && !aboutSearchAttributes.test(why) ? undefined : why;
}

export interface Update {
  workflowId: string;
  name: string;
  argument: unknown;
  /** An id is executed once, however often it is sent. */
  updateId: string;
  /** How long to wait for a worker to answer. */
  timeoutMs?: number;
}

/**
 * Sends an update to a workflow, and waits until it is completed.
 * @throws the result of `refused` when the workflow refuses it, has ended, or does not exist; `unavailable` when no
 * worker answers.
 */
export async function updateWorkflow(
  client: Client,
  { workflowId, name, argument, updateId, timeoutMs = 10_000 }: Update,
  refused: (why: string, isGone: boolean) => PlatformError,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const send = () =>
    handle.executeUpdate<unknown, [unknown]>(name, { args: [argument], updateId }).catch((error: unknown) => {
      // Temporal has the update, unlike in an outage: a worker will receive it later.
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
        throw platformError(
          'unavailable',
          `No worker answered for ${workflowId}; the update may still be applied later`,
        );
      throw error;
    });
  try {
    await mapUnavailable(() => client.withDeadline(Date.now() + timeoutMs, send));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refused(error.cause?.message ?? error.message, false);
    if (error instanceof WorkflowNotFoundError) throw refused(`${workflowId} has ended, or never started`, true);
    throw error;
  }
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/**
 * Restarts a workflow that was terminated, or has failed: a new run continues where the last one was, with its history
 * up to the last decision and the signals it received (Temporal's reset). Activities that were running are executed
 * again, under the same effect keys.
 * @param requestId the same for each repetition of a call
 * @throws `conflict` when it is running, or has completed; `unavailable`; WorkflowNotFoundError when it never started.
 */
export async function restartWorkflow(
  client: Client,
  workflowId: string,
  { reason, requestId }: { reason: string; requestId: string },
): Promise<void> {
  await mapUnavailable(async () => {
    const { status, runId } = await client.workflow.getHandle(workflowId).describe();
    if (status.name === 'RUNNING' || status.name === 'COMPLETED') {
      const is = status.name === 'RUNNING' ? 'is running' : 'has completed';
      throw platformError(
        'conflict',
        `${workflowId} ${is}; only a workflow that was terminated or has failed can be restarted`,
      );
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

/** The end of the last workflow task; if none has ended, where the first one would have. */
function lastDecision({ events }: History) {
  const ended = events?.findLast(({ workflowTaskCompletedEventAttributes: completed }) => completed);
  const begun = events?.find(({ workflowTaskScheduledEventAttributes: scheduled }) => scheduled);
  return ended?.eventId ?? begun?.eventId?.add(1) ?? null;
}
