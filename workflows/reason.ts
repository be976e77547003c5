import { refusals, type CancelReason } from '../contracts/saga/failures';
import { causeOf } from '../lib/saga/failures';

/** Why an order ended without being confirmed; the detail is for the customer's eyes too. */
export interface Reason {
  reason: CancelReason;
  detail?: string;
}

/**
 * What a failed saga tells the customer. @param isCancelled whether the customer has cancelled the order.
 * @throws the failure itself when it is a bug of the workflow: the task is then retried until a deploy fixes it.
 */
export function reasonFor(failure: unknown, isCancelled: boolean): Reason {
  const cause = causeOf(failure, refusals);
  switch (cause.kind) {
    case 'cancelled':
      return { reason: isCancelled ? 'customer-request' : 'operator-request' };
    case 'refused':
      return cause.message ? { reason: cause.refusal, detail: cause.message } : { reason: cause.refusal };
    case 'fenced':
      // The order refuses to be shipped because it is to be cancelled; the signal that says so is still on its way. Any
      // other step was undone before this saga began anew: that it must be undone is all that is known.
      return isCancelled || cause.step === 'shipOrder'
        ? { reason: 'customer-request' }
        : { reason: 'failed', detail: 'It was being cancelled' };
    case 'failed':
      return cause.step === undefined
        ? { reason: 'failed' }
        : { reason: 'failed', detail: `${cause.step} did not succeed` };
  }
}
