import type { OrderOutcome } from '../contracts/saga/failures';
import { searchAttributes } from '../contracts/saga/order';
import { showStatus } from '../lib/saga/kind';

/** Shows in the list of workflows where the order is. */
export const show = (status: OrderOutcome['status'] | 'returned'): void => showStatus(searchAttributes.status, status);

/** Shows where it is on the way. Sagas that were past it before this was shown go on without. */
export const showPassing = (status: 'in_review' | 'shipped'): void =>
  showStatus(searchAttributes.status, status, { patch: `shown-${status}` });

/** Shows the end. */
export function ended(outcome: OrderOutcome): OrderOutcome {
  show(outcome.status);
  return outcome;
}
