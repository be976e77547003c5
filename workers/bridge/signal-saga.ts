import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { orderWorkflowId } from '../../contracts/saga/order';
import type { signals } from '../../contracts/saga/messages';
import { platformError, PlatformError } from '../../lib/errors/errors';
import { mapUnavailable } from '../../lib/temporal/calls';

/** How long Temporal may take to accept a signal, retries of its client included: less than a handler may take. */
const signalTimeoutMs = 5_000;

export type Signal = (typeof signals)[keyof typeof signals];

/**
 * Signals the saga of an order. A completed saga needs no signal; one that Temporal does not know, because it was deleted
 * or not started yet, is started first.
 * @param resume starts it, and resolves to false when it started the order's return instead, which takes no signals;
 * throws `conflict` when nothing is left to do for the order.
 * @throws `unavailable` while Temporal is unavailable; `saga-gone`, which is retried, when it ended before its order: an
 * operator can restart it, and redrive what has become a dead letter meanwhile.
 */
export async function signalSaga(
  client: Client,
  orderId: string,
  signal: Signal,
  resume: () => Promise<boolean>,
): Promise<void> {
  const saga = client.workflow.getHandle(orderWorkflowId(orderId));
  const send = (): Promise<boolean> =>
    mapUnavailable(() =>
      client.withDeadline(Date.now() + signalTimeoutMs, () => isSignalledOrCompleted(saga, orderId, signal)),
    );
  if (await send()) return;
  try {
    if (!(await resume())) return;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'conflict') return;
    throw error;
  }
  // The state that it was started with may be older than this signal.
  if (!(await send()))
    throw platformError('version-conflict', `The saga of order ${orderId} was started just now and no longer exists`);
}

/** False when Temporal does not know the saga. */
async function isSignalledOrCompleted(saga: WorkflowHandle, orderId: string, signal: Signal): Promise<boolean> {
  try {
    await saga.signal(signal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const status = await statusOf(saga);
    if (status === undefined) return false;
    if (status !== 'COMPLETED')
      throw platformError(
        'saga-gone',
        `The saga of order ${orderId} is ${status.toLowerCase()}, so it cannot receive ${signal}; ` +
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
