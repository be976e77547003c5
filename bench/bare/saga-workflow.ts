import { proxyActivities } from '@temporalio/workflow';

const { step } = proxyActivities<{ step(order: unknown): Promise<void> }>({ startToCloseTimeout: '30 s' });

/** The limit for the saga: five activities one after the other that do nothing. */
export async function bareSaga(order: unknown): Promise<void> {
  for (let index = 0; index < 5; index += 1) await step(order);
}
