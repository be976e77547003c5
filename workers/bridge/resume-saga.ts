import { WorkflowFailedError, WorkflowIdConflictPolicy, type Client } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import {
  recallWorkflowId,
  recallWorkflowType,
  type OrderRef,
  type RecalledOrder,
  type RecalledParcel,
  type SagaPolicy,
  taskQueues,
} from '../../contracts/saga/order';
import { platformError } from '../../lib/errors/errors';
import type { ErrorCode } from '../../lib/errors/table';
import { mapUnavailable } from '../../lib/temporal/calls';
import { startReturn, startSaga } from './start-saga';

/** Statuses after which a saga has nothing left to do. */
const finished = ['cancelled', 'delivered', 'returned'];

/**
 * Restarts the saga of an order that Temporal no longer knows, or its return: from the placed order, and what the services
 * know about it. The effects are keyed, so the new saga finds what was done. A second call does nothing.
 * @returns whether the order's saga was started, rather than its return.
 * @throws `conflict` when nothing is left to do for the order; `not-found`; `unavailable` while Temporal is unavailable, or
 * the services do not report the state of the order in time; `saga-gone` when they cannot.
 */
export async function resumeSaga(
  client: Client,
  order: OrderRef,
  policy: (currency: string | undefined) => SagaPolicy,
): Promise<boolean> {
  const { placed, status, returning, ...before } = await recall(client, order);
  if (returning) {
    await startReturn(client, order, policy(undefined));
    return false;
  }
  if (finished.includes(status))
    throw platformError('conflict', `Order ${order.orderId} is ${status}: its saga has nothing left to do`);
  await startSaga(client, placed, policy(placed.total.currency), before);
  return true;
}

/** Short, so that the handler of a message still has time to start the saga and to signal it. */
const recallTimeoutMs = 4_000;
/** Temporal ends the recall itself; this applies when it does not answer. */
const deadlineMs = recallTimeoutMs + 1_000;

/** Each service owns its database, so it is asked through Temporal, as sagas do. */
async function recall(client: Client, order: OrderRef): Promise<RecalledOrder & RecalledParcel> {
  const { orderId } = order;
  try {
    return await mapUnavailable(() =>
      client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.execute<(about: OrderRef) => Promise<RecalledOrder & RecalledParcel>>(recallWorkflowType, {
          args: [order],
          workflowId: recallWorkflowId(orderId),
          taskQueue: taskQueues.saga,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          workflowExecutionTimeout: recallTimeoutMs,
        }),
      ),
    );
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (failedWith(cause, 'not-found')) throw platformError('not-found', `There is no order ${orderId}`);
    const unknown = `Order ${orderId} has no saga, and its state could not be read from the services`;
    // Workers or services are unavailable, which says nothing about this order.
    if (cause instanceof TimeoutFailure) throw platformError('unavailable', `${unknown}: they did not answer in time`);
    if (failedWith(cause, 'unavailable')) throw platformError('unavailable', unknown);
    throw platformError('saga-gone', `${unknown}: ${cause?.message}`);
  }
}

/** Whether a step failed with this error. */
const failedWith = (failure: unknown, code: ErrorCode): boolean =>
  failure instanceof ActivityFailure && failure.cause instanceof ApplicationFailure && failure.cause.type === code;
