import type { OrderActivities } from './activities';

/** What a saga is told from outside: facts that the bridge has heard. */
export const signals = {
  /** The customer no longer wants the order, and the order service has accepted that. */
  cancel: 'cancellationRequested',
  dispatched: 'shipmentDispatched',
  delivered: 'shipmentDelivered',
} as const;

/** An operator's decision on an order that waits for review. */
export interface Review {
  decision: 'approve' | 'reject';
  note?: string;
}
export const reviewUpdate = 'review';

/**
 * Steps that may be retried but neither skipped nor resolved by hand: they change what the order is, which everything
 * after them goes by. If it was changed meanwhile, a retry finds that out.
 */
export const retryOnly = [
  'confirmOrder',
  'shipOrder',
  'deliverOrder',
  'cancelOrder',
  'declineCancellation',
  'completeReturn',
] as const satisfies readonly (keyof OrderActivities)[];
