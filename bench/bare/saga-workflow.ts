import { scheduleActivity, workflowInfo } from '@temporalio/workflow';

/** What the five steps of an order come to: the whole of each, its event alone, or nothing at all. */
export type Bareness = 'steps' | 'events' | 'nothing';

const steps = [
  { owner: 'inventory', activity: 'append' },
  { owner: 'payments', activity: 'authorize' },
  { owner: 'shipping', activity: 'book' },
  { owner: 'payments', activity: 'capture' },
  { owner: 'orders', activity: 'append' },
];

/**
 * The limit for the saga: five activities one after the other, each on its owner's queue. Those that do nothing are on the
 * workflow's own queue, where Temporal hands them over eagerly.
 */
export async function bareSaga(order: unknown, bareness: Bareness): Promise<void> {
  const { workflowId: stream } = workflowInfo();
  for (const [index, { owner, activity }] of steps.entries()) {
    const name = { steps: activity, events: 'append', nothing: 'doNothing' }[bareness];
    const queue = bareness === 'nothing' ? {} : { taskQueue: `bare-${owner}` };
    await scheduleActivity(name, [{ order, stream, version: index + 1 }], { startToCloseTimeout: '15 s', ...queue });
  }
}
