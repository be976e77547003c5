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
import { taskQueues } from '../../contracts/saga/order';
import { fail } from '../../lib/errors/errors';
import type { ErrorCode } from '../../lib/errors/table';
import { whenReachable } from '../../lib/temporal/outage';
import { startReturn, startSaga } from './start-saga';

/** Statuses after which no saga has anything to do. */
const finished = ['cancelled', 'delivered', 'returned'];

/**
 * Begins the saga of an order anew that Temporal no longer knows, or its return: from what was placed, and what the
 * services know of it since. Its effects are keyed, so it finds what was done. Asked again, it does nothing.
 * @returns whether it is the order's saga that was begun, rather than its return.
 * @throws `conflict` when nothing is left to do for the order; `not-found`; `unavailable` while Temporal cannot be
 * reached, or the services do not say in time what has become of the order; `saga-gone` when they cannot say.
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
    throw fail('conflict', `Order ${order.orderId} is ${status}: there is nothing left to do for it`);
  await startSaga(client, placed, policy(placed.total.currency), before);
  return true;
}

/** Short, so that a message's handler still has time to begin the saga and to tell it something. */
const patienceMs = 4_000;
/** Temporal ends the recall itself; this is for when it does not answer. */
const deadlineMs = patienceMs + 1_000;

/** The services' databases are theirs: they are asked through Temporal, as sagas do. */
async function recall(client: Client, order: OrderRef): Promise<RecalledOrder & RecalledParcel> {
  const { orderId } = order;
  try {
    return await whenReachable(() =>
      client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.execute<(about: OrderRef) => Promise<RecalledOrder & RecalledParcel>>(recallWorkflowType, {
          args: [order],
          workflowId: recallWorkflowId(orderId),
          taskQueue: taskQueues.saga,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          workflowExecutionTimeout: patienceMs,
        }),
      ),
    );
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (failedWith(cause, 'not-found')) throw fail('not-found', `There is no order ${orderId}`);
    const unknown = `Order ${orderId} has no saga, and its services can't say how far it came`;
    // Workers or services that are away, which says nothing about this order.
    if (cause instanceof TimeoutFailure) throw fail('unavailable', `${unknown}: they did not answer in time`);
    if (failedWith(cause, 'unavailable')) throw fail('unavailable', unknown);
    throw fail('saga-gone', `${unknown}: ${cause?.message}`);
  }
}

/** Whether a step failed with an error of the table. */
const failedWith = (failure: unknown, code: ErrorCode): boolean =>
  failure instanceof ActivityFailure && failure.cause instanceof ApplicationFailure && failure.cause.type === code;
