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
} from '../../contracts/saga/order';
import { taskQueues } from '../../contracts/saga/order';
import { describeItems, describeMoney } from '../../contracts/saga/format';
import { whenReachable } from '../../lib/temporal/outage';

/** How long Temporal may take to take over an order, its client's own retries included. */
const patienceMs = 5_000;

/**
 * Starts the saga of an order; asked again it does nothing. Temporal remembers that as long as it retains workflows;
 * after that the bridge's inbox does, which forgets no event.
 * @param before what had happened to the order, when its first saga is gone.
 * @throws `unavailable` while Temporal cannot be reached.
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

/** Starts the return of an order, with the same promises. */
export const startReturn = (client: Client, order: OrderRef, policy: SagaPolicy): Promise<void> =>
  startOnce(client, sagas.returnWorkflowType, sagas.returnWorkflowId(order.orderId), {
    args: [order, policy],
    staticSummary: 'An order comes back',
    typedSearchAttributes: [{ key: searchAttributes.status, value: 'delivered' }],
  });

type Start = Pick<WorkflowStartOptions, 'args' | 'staticSummary' | 'typedSearchAttributes'>;

const startOnce = (client: Client, type: string, workflowId: string, start: Start): Promise<void> =>
  whenReachable(() =>
    client.withDeadline(Date.now() + patienceMs, async () => {
      try {
        await client.workflow.start(type, {
          ...start,
          workflowId,
          taskQueue: taskQueues.saga,
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        });
      } catch (error) {
        // It ran and has ended: somebody delivered the event twice.
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    }),
  );
