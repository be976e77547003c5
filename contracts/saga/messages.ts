import type { OrderActivities } from './activities';

/** What a saga is told from outside: signals carry facts that the bridge has heard, updates the decisions of people. */
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

/** An operator's decision on a call that must succeed and does not. */
export interface Decision {
  /** The activity, or the report of the carrier, that it is about, so that a late decision meets no other. */
  step: string;
  /** Try it now; go on as if it were not needed; or go on as if it had succeeded with this result. */
  action: 'retry' | 'skip' | 'resolve';
  reason?: string | undefined;
  result?: unknown;
}
export const decisionUpdate = 'decide';

/**
 * Steps that nobody may leave out or do by hand: they change what the order is, which everything after them goes by. Was
 * it changed meanwhile, trying again finds that out.
 */
export const retryOnly = [
  'confirmOrder',
  'shipOrder',
  'deliverOrder',
  'cancelOrder',
  'declineCancellation',
  'completeReturn',
] as const satisfies readonly (keyof OrderActivities)[];

/** What a saga says of itself. */
export interface SagaState {
  /** What has been done and could be undone, in its order. */
  undos: string[];
  stuck?: Stuck;
}

/** A call that waits for an operator. */
export interface Stuck {
  step: string;
  why: string;
  /** ISO 8601 */
  since: string;
}
export const stateQuery = 'state';
