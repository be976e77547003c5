import { ActivityFailure, ApplicationFailure, isCancellation, TemporalFailure } from '@temporalio/workflow';
import { isRefusal, isUndoRefusal, type CancelReason, type FailureDetails } from '../contracts/saga/failures';

/** Why an order ended without being confirmed; the detail is for the customer's eyes too. */
export interface Reason {
  reason: CancelReason;
  detail?: string;
}

/**
 * What a failed saga tells the customer.
 * @throws the failure itself when it is a bug of the workflow: the task is then tried again until a deploy mends it.
 */
export function reasonFor(failure: unknown, { cancelled }: { cancelled: boolean }): Reason {
  if (!(failure instanceof TemporalFailure)) throw failure;
  if (isCancellation(failure)) return { reason: cancelled ? 'customer-request' : 'operator-request' };
  const { type, message } = refusalIn(failure) ?? {};
  if (type === 'step-fenced') return fencedReason(failure, cancelled);
  if (isRefusal(type)) return message ? { reason: type, detail: message } : { reason: type };
  return failure instanceof ActivityFailure
    ? { reason: 'failed', detail: `${failure.activityType} did not succeed` }
    : { reason: 'failed' };
}

/**
 * The order refuses to be shipped because it is to be cancelled; the signal that says so is still on its way. Any other
 * step was undone before this saga began anew: that it must be undone is all that is known.
 */
const fencedReason = (failure: TemporalFailure, cancelled: boolean): Reason =>
  cancelled || (failure instanceof ActivityFailure && failure.activityType === 'shipOrder')
    ? { reason: 'customer-request' }
    : { reason: 'failed', detail: 'It was being cancelled' };

/**
 * Whether a step was refused and surely did nothing. A refusal on a later attempt does not count: an earlier attempt may
 * have been given up on while it is still at work, so its undo must stand as a fence.
 */
export function isDefinite(failure: unknown): boolean {
  const refusal = refusalIn(failure);
  const [details] = (refusal?.details ?? []) as [FailureDetails?];
  return isRefusal(refusal?.type) && details?.attempt === 1;
}

/** Whether trying again would be in vain. */
export const isFinal = (failure: unknown): boolean => refusalIn(failure)?.nonRetryable === true;

/** Whether a step was undone, or is no longer wanted by its owner. */
export const isFenced = (failure: unknown): boolean => refusalIn(failure)?.type === 'step-fenced';

/** Whether what should be undone can never be. */
export const isUndoRefused = (failure: unknown): boolean => isUndoRefusal(refusalIn(failure)?.type);

/** What went wrong, in the words of whoever refused. */
export const messageOf = (failure: ActivityFailure): string => failure.cause?.message ?? failure.message;

function refusalIn(failure: unknown): ApplicationFailure | undefined {
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  return cause instanceof ApplicationFailure ? cause : undefined;
}
