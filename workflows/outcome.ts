import { refusals, type CancelReason, type OrderOutcome } from '../contracts/saga/activities';
import { searchAttributes } from '../contracts/saga/order';
import { causeOf } from '../lib/saga/failures';
import { showStatus } from '../lib/saga/kind';

/** Shows the status of the order in the list of workflows. */
export const show = (status: OrderOutcome['status'] | 'returned'): void => showStatus(searchAttributes.status, status);

/** Shows a status on the way. Sagas that had passed it before it was shown continue without. */
export const showPassing = (status: 'in_review' | 'shipped'): void =>
  showStatus(searchAttributes.status, status, { patch: `shown-${status}` });

/** Shows how the saga ended. */
export function showOutcome(outcome: OrderOutcome): OrderOutcome {
  show(outcome.status);
  return outcome;
}

/** Why an order was cancelled. */
export interface Reason {
  reason: CancelReason;
  /** For operators. */
  detail?: string;
  /** For the customer. */
  message?: string;
}

/** The details of a refusal that has a message for the customer. */
export interface RefusalDetails {
  message: string;
}

/**
 * The reason of a failed saga. @param isCancelled whether the customer has cancelled the order.
 * @throws the failure itself when it is a bug of the workflow: the task is then retried until a deploy fixes it.
 */
export function reasonFor(failure: unknown, isCancelled: boolean): Reason {
  const cause = causeOf(failure, refusals);
  switch (cause.kind) {
    case 'cancelled':
      return { reason: isCancelled ? 'customer-request' : 'operator-request' };
    case 'refused':
      return {
        reason: cause.refusal,
        ...(cause.message ? { detail: cause.message } : {}),
        ...(cause.refusal === 'review-rejected' ? (cause.details[0] as RefusalDetails | undefined) : {}),
      };
    case 'fenced':
      // The order refuses to be shipped because it is being cancelled; the signal that says so is still on its way. Any
      // other step was undone before this saga was restarted, so the order must be undone; why is not known.
      return isCancelled || cause.step === 'shipOrder'
        ? { reason: 'customer-request' }
        : { reason: 'failed', detail: 'The order was being cancelled' };
    case 'failed':
      return cause.step === undefined ? { reason: 'failed' } : { reason: 'failed', detail: `${cause.step} failed` };
  }
}
