import { patched, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes, type OrderOutcome } from '../contracts/saga/order';

/** Shows where the order is in the list of workflows; it travels with the next command and costs no round trip. */
export const shown = (status: OrderOutcome['status'] | 'returned'): void =>
  upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);

/** Shows where it is on the way. Sagas that were past it before this was shown go on without. */
export function showPassing(status: 'in_review' | 'shipped'): void {
  if (patched(`shown-${status}`)) upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);
}

/** Shows the end. */
export function ended(outcome: OrderOutcome): OrderOutcome {
  shown(outcome.status);
  return outcome;
}
