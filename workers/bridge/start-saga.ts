import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import type { Client, WorkflowStartOptions } from '@temporalio/client';
import * as sagas from '../../contracts/saga/order';
import {
  searchAttributes,
  type OrderRef,
  type PlacedOrder,
  type Progress,
  type SagaPolicy,
  taskQueues,
} from '../../contracts/saga/order';
import { describeItems, describeMoney } from '../../contracts/saga/format';
import { mapUnavailable } from '../../lib/temporal/calls';

/** How long Temporal may take to accept an order, retries of its client included. */
const startTimeoutMs = 5_000;

/**
 * Starts the saga of an order; a second call does nothing. Temporal remembers that while it retains the workflow, and the
 * bridge's inbox for ever.
 * @param before what had happened to the order, when its first saga no longer exists.
 * @throws `unavailable` while Temporal is unavailable.
 */
export const startSaga = (client: Client, order: PlacedOrder, policy: SagaPolicy, before?: Progress): Promise<void> =>
  startOnce(client, sagas.orderWorkflowType, sagas.orderWorkflowId(order.orderId), {
    args: before ? [order, policy, before] : [order, policy],
    staticSummary: `${describeItems(order)} for ${describeMoney(order.total)}`,
    typedSearchAttributes: [
      { key: searchAttributes.status, value: 'placed' },
      { key: searchAttributes.user, value: order.userId },
    ],
  });

/** Starts the return of an order, with the same guarantees. */
export const startReturn = (client: Client, order: OrderRef, policy: SagaPolicy): Promise<void> =>
  startOnce(client, sagas.returnWorkflowType, sagas.returnWorkflowId(order.orderId), {
    args: [order, policy],
    staticSummary: 'Return of an order',
    typedSearchAttributes: [{ key: searchAttributes.status, value: 'delivered' }],
  });

type Start = Pick<WorkflowStartOptions, 'args' | 'staticSummary' | 'typedSearchAttributes'>;

const startOnce = (client: Client, type: string, workflowId: string, start: Start): Promise<void> =>
  mapUnavailable(() =>
    client.withDeadline(Date.now() + startTimeoutMs, async () => {
      try {
        await client.workflow.start(type, {
          ...start,
          workflowId,
          taskQueue: taskQueues.saga,
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        });
      } catch (error) {
        // It ran and has ended: the event was delivered twice.
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    }),
  );
