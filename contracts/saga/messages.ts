import type { OrderActivities } from './activities';

/** The signals of a saga: facts that the bridge has received. */
export const signals = {
  /** The customer asked to cancel the order, and the order service accepted. */
  cancel: 'cancellationRequested',
  dispatched: 'shipmentDispatched',
  delivered: 'shipmentDelivered',
} as const;

/** An operator's decision on an order that waits for a review. What operators note for themselves stays in the audit log. */
export interface Review {
  decision: 'approve' | 'reject';
  /** For the customer. */
  message?: string;
}
export const reviewUpdate = 'review';

/**
 * Steps that may be retried, but neither skipped nor resolved manually: they change the state of the order, which
 * everything after them depends on. If it was changed meanwhile, a retry finds that out.
 */
export const retryOnly = [
  'confirmOrder',
  'shipOrder',
  'deliverOrder',
  'cancelOrder',
  'declineCancellation',
  'completeReturn',
] as const satisfies readonly (keyof OrderActivities)[];
