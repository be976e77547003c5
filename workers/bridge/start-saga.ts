import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import type { DataOf } from '../../contracts/events/define';
import type { orderCreated } from '../../contracts/events/order';
import { orderWorkflowId, orderWorkflowType, searchAttributes, type PlacedOrder } from '../../contracts/saga/order';
import { taskQueues } from '../../contracts/saga/task-queues';
import { describeItems, describeMoney } from '../../contracts/saga/words';
import { whenReachable } from '../../lib/temporal/outage';
import { markStarted, wasStarted } from './store';
import type { BridgeTables } from './tables';

/** How long Temporal may take to take over an order, its client's own retries included. */
const patienceMs = 5_000;

/**
 * Starts the saga of an order: once, ever. Asked again it does nothing, also when Temporal no longer knows the first.
 * @throws `unavailable` while Temporal cannot be reached.
 */
export async function startSaga(client: Client, db: Kysely<BridgeTables>, order: PlacedOrder): Promise<void> {
  const workflowId = orderWorkflowId(order.orderId);
  if (await wasStarted(db, workflowId)) return;
  await whenReachable(() => client.withDeadline(Date.now() + patienceMs, () => start(client, workflowId, order)));
  await markStarted(db, workflowId);
}

async function start(client: Client, workflowId: string, order: PlacedOrder): Promise<void> {
  try {
    await client.workflow.start(orderWorkflowType, {
      workflowId,
      taskQueue: taskQueues.saga,
      args: [order],
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `${describeItems(order)} for ${describeMoney(order.total)}`,
      typedSearchAttributes: [
        { key: searchAttributes.status, value: 'placed' },
        { key: searchAttributes.user, value: order.userId },
      ],
    });
  } catch (error) {
    // It ran and has ended: somebody delivered the event twice.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** What the saga needs of a new order. */
export const toPlacedOrder = (created: DataOf<typeof orderCreated>): PlacedOrder => ({
  orderId: created.orderId,
  userId: created.userId,
  items: created.items.map(({ sku, quantity }) => ({ sku, quantity })),
  total: created.total,
  paymentToken: created.payment.token,
  shippingAddress: created.shippingAddress,
});
