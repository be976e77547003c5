/** Why a step was refused for good: the saga undoes what was done and cancels the order with this reason. */
export const refusals = [
  'out-of-stock',
  'unknown-product',
  'payment-declined',
  'review-rejected',
  'review-timed-out',
  'address-not-serviceable',
  'capture-refused',
] as const;
export type Refusal = (typeof refusals)[number];

/** Why an undo is refused for good: what it would undo is final by now. */
const undoRefusals = ['shipment-not-cancellable'] as const;

/**
 * The reasons that this platform cancels orders for. In events the reason is an open word: readers must expect others. `operator-request`: its workflow was cancelled in Temporal;
 * `failed`: a step failed for good for a technical reason.
 */
export const cancelReasons = [...refusals, 'customer-request', 'operator-request', 'failed'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** Whether an `ApplicationFailure`'s type is a definite business refusal. */
export const isRefusal = (type: string | null | undefined): type is Refusal =>
  (refusals as readonly (string | null | undefined)[]).includes(type);

/** Whether an `ApplicationFailure`'s type says that something can never be undone. */
export const isUndoRefusal = (type: string | null | undefined): boolean =>
  (undoRefusals as readonly (string | null | undefined)[]).includes(type);

/** The details of every failure that an activity raises. */
export interface FailureDetails {
  /** Counted from 1. A refusal on a later attempt may overtake an earlier one that is still at work somewhere. */
  attempt: number;
}
