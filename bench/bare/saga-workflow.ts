import { scheduleActivity, workflowInfo } from '@temporalio/workflow';

/** On whose queues the five steps of an order's saga are. */
const owners = ['inventory', 'payments', 'shipping', 'payments', 'orders'];

/**
 * The limit for the saga: five activities one after the other, each on its owner's queue. With `here` all are on the
 * workflow's own queue, where Temporal hands them over eagerly.
 */
export async function bareSaga(order: unknown, here = false): Promise<void> {
  const { workflowId } = workflowInfo();
  for (const [index, owner] of owners.entries()) {
    const queue = here ? {} : { taskQueue: `bare-${owner}` };
    const step = [order, workflowId, index + 1];
    await scheduleActivity(here ? 'doNothing' : 'append', step, { startToCloseTimeout: '15 s', ...queue });
  }
}
