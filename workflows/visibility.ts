import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes, type OrderOutcome } from '../contracts/saga/order';

/** Shows where the order is in the list of workflows; it travels with the next command and costs no round trip. */
export const shown = (status: OrderOutcome['status'] | 'returned'): void =>
  upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);

/** Shows the end. */
export function ended(outcome: OrderOutcome): OrderOutcome {
  shown(outcome.status);
  return outcome;
}
