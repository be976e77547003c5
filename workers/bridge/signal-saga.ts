import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { orderWorkflowId } from '../../contracts/saga/order';
import type { signals } from '../../contracts/saga/messages';
import { fail } from '../../lib/errors/errors';
import { whenReachable } from '../../lib/temporal/outage';

/** How long Temporal may take to take a signal, its client's own retries included: less than a handler may take. */
const patienceMs = 5_000;

type Signal = (typeof signals)[keyof typeof signals];

/**
 * Tells the saga of an order what has happened. One that has come to its end has nothing more to hear.
 * @throws `unavailable` while Temporal cannot be reached; to be tried again `version-conflict`, when the saga was not
 * started yet (its `order.created` waits somewhere), and `saga-gone`, when it was ended before its order: an operator can
 * restart it, and redrive what has become a dead letter meanwhile.
 */
export const signalSaga = (client: Client, orderId: string, signal: Signal): Promise<void> =>
  whenReachable(async () => {
    const saga = client.workflow.getHandle(orderWorkflowId(orderId));
    try {
      await client.withDeadline(Date.now() + patienceMs, () => saga.signal(signal));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const status = await statusOf(saga);
      if (status === undefined)
        throw fail('version-conflict', `There is no saga of order ${orderId} to tell ${signal}`);
      if (status !== 'COMPLETED')
        throw fail(
          'saga-gone',
          `The saga of order ${orderId} is ${status.toLowerCase()}; restart it to tell ${signal}`,
        );
    }
  });

async function statusOf(saga: Pick<WorkflowHandle, 'describe'>): Promise<string | undefined> {
  try {
    return (await saga.describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
