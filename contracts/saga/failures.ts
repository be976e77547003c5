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

/** Every reason an order can be cancelled for. `failed`: a step failed for good for a technical reason. */
export const cancelReasons = [...refusals, 'customer-request', 'failed'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** The type of the failure that a step raises when its undo came first: the saga is long past it. */
export const stepFenced = 'step-fenced';
/** The type of the failure when one idempotency key comes with two different payloads: a bug, never retried. */
export const keyReused = 'effect-key-reused';

/** Whether an `ApplicationFailure`'s type is a definite business refusal. */
export const isRefusal = (type: string | null | undefined): type is Refusal =>
  (refusals as readonly (string | null | undefined)[]).includes(type);
