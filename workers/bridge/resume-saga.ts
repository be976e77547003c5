import { WorkflowFailedError, WorkflowIdConflictPolicy, type Client } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import {
  recallWorkflowId,
  recallWorkflowType,
  type OrderRef,
  type RecalledOrder,
  type RecalledParcel,
  type SagaPolicy,
} from '../../contracts/saga/order';
import { taskQueues } from '../../contracts/saga/task-queues';
import { fail } from '../../lib/errors/errors';
import { whenReachable } from '../../lib/temporal/outage';
import { startReturn, startSaga } from './start-saga';

/** Statuses after which no saga has anything to do. */
const finished = ['cancelled', 'delivered', 'returned'];

/**
 * Begins the saga of an order anew that Temporal no longer knows, or its return: from what was placed, and what the
 * services know of it since. Its effects are keyed, so it finds what was done. Asked again, it does nothing.
 * @throws `conflict` when nothing is left to do for the order; `not-found`; `saga-gone` when the services do not say in
 * time what has become of it; `unavailable` while Temporal cannot be reached.
 */
export async function resumeSaga(
  client: Client,
  order: OrderRef,
  policy: (currency: string | undefined) => SagaPolicy,
): Promise<void> {
  const { placed, status, returning, ...before } = await recall(client, order);
  if (returning) return startReturn(client, order, policy(undefined));
  if (finished.includes(status))
    throw fail('conflict', `Order ${order.orderId} is ${status}: there is nothing left to do for it`);
  await startSaga(client, placed, policy(placed.total.currency), before);
}

/** Less than a message's handler may take. */
const patienceMs = 8_000;

/** The services' databases are theirs: they are asked through Temporal, as sagas do. */
async function recall(client: Client, order: OrderRef): Promise<RecalledOrder & RecalledParcel> {
  const { orderId } = order;
  try {
    return await whenReachable(() =>
      client.workflow.execute<(about: OrderRef) => Promise<RecalledOrder & RecalledParcel>>(recallWorkflowType, {
        args: [order],
        workflowId: recallWorkflowId(orderId),
        taskQueue: taskQueues.saga,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowExecutionTimeout: patienceMs,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    if (isNotFound(error.cause)) throw fail('not-found', `There is no order ${orderId}`);
    const why = error.cause instanceof TimeoutFailure ? 'did not answer in time' : String(error.cause?.message);
    throw fail('saga-gone', `Order ${orderId} has no saga, and its services can't say how far it came: ${why}`);
  }
}

const isNotFound = (failure: unknown): boolean =>
  failure instanceof ActivityFailure &&
  failure.cause instanceof ApplicationFailure &&
  failure.cause.type === 'not-found';
