import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { orderWorkflowId } from '../../contracts/saga/order';
import type { signals } from '../../contracts/saga/messages';
import { fail } from '../../lib/errors/errors';
import { whenReachable } from '../../lib/temporal/outage';

type Signal = (typeof signals)[keyof typeof signals];

/**
 * Tells the saga of an order what has happened. One that has ended has nothing more to hear.
 * @throws `unavailable` while Temporal cannot be reached; `version-conflict`, to be tried again, when the saga was not
 * started yet: its `order.created` waits somewhere.
 */
export const signalSaga = (client: Client, orderId: string, signal: Signal): Promise<void> =>
  whenReachable(async () => {
    const saga = client.workflow.getHandle(orderWorkflowId(orderId));
    try {
      await saga.signal(signal);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      if (!(await exists(saga)))
        throw fail('version-conflict', `There is no saga of order ${orderId} to tell ${signal}`);
    }
  });

async function exists(saga: { describe(): Promise<unknown> }): Promise<boolean> {
  try {
    await saga.describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
