import { log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes, type OrderRef } from '../contracts/saga/order';
import { reportStuck } from './steps';

/** Tells everybody who may look, or listens, that a step waits for an operator: the list of workflows, and an event. */
export async function alarm(order: OrderRef, step: string, why: string): Promise<void> {
  log.error(`${step} must succeed and does not: it waits for an operator`, { why });
  upsertSearchAttributes([{ key: searchAttributes.stuck, value: step }]);
  await reportStuck(order, step, why)
    .run({ maximumAttempts: 3 })
    // The event is for those who listen; who looks finds it anyway.
    .catch((failure: unknown) => log.warn('nobody could be told of it', { failure }));
}

/** What the Web UI says of a saga that waits. */
export const describeAlarm = (step: string, why: string): void =>
  setCurrentDetails(`**${step} waits for an operator**: ${why}`);

/** Nobody is waited for any more. */
export function silence(): void {
  setCurrentDetails('');
  upsertSearchAttributes([{ key: searchAttributes.stuck, value: null }]);
}
