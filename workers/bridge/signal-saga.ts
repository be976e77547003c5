import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { orderWorkflowId } from '../../contracts/saga/order';
import type { signals } from '../../contracts/saga/messages';
import { platformError, PlatformError } from '../../lib/errors/errors';
import { mapUnavailable } from '../../lib/temporal/calls';

/** How long Temporal may take to take a signal, its client's own retries included: less than a handler may take. */
const patienceMs = 5_000;

export type Signal = (typeof signals)[keyof typeof signals];

/**
 * Tells the saga of an order what has happened. One that has come to its end has nothing more to hear; one that Temporal
 * does not know, because it was deleted or not started yet, is begun first.
 * @param resume begins it, and resolves to false when it began the order's return instead, which hears no signals; throws
 * `conflict` when nothing is left to do for the order.
 * @throws `unavailable` while Temporal cannot be reached; to be tried again `saga-gone`, when it was ended before its
 * order: an operator can restart it, and redrive what has become a dead letter meanwhile.
 */
export async function signalSaga(
  client: Client,
  orderId: string,
  signal: Signal,
  resume: () => Promise<boolean>,
): Promise<void> {
  const saga = client.workflow.getHandle(orderWorkflowId(orderId));
  const send = (): Promise<boolean> =>
    mapUnavailable(() => client.withDeadline(Date.now() + patienceMs, () => isToldOrOver(saga, orderId, signal)));
  if (await send()) return;
  try {
    if (!(await resume())) return;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'conflict') return;
    throw error;
  }
  // What it was begun with may be older than this signal.
  if (!(await send()))
    throw platformError('version-conflict', `The saga of order ${orderId} has just been begun, and is gone`);
}

/** False when Temporal does not know the saga. */
async function isToldOrOver(saga: WorkflowHandle, orderId: string, signal: Signal): Promise<boolean> {
  try {
    await saga.signal(signal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const status = await statusOf(saga);
    if (status === undefined) return false;
    if (status !== 'COMPLETED')
      throw platformError(
        'saga-gone',
        `The saga of order ${orderId} is ${status.toLowerCase()}, so it can't hear ${signal}; ` +
          `run: npm run sagaworks -- sagas restart ${orderId} --reason '…', then redrive`,
      );
  }
  return true;
}

async function statusOf(saga: Pick<WorkflowHandle, 'describe'>): Promise<string | undefined> {
  try {
    return (await saga.describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
