import { refusalsOf, undoRefusalsOf } from '../../lib/saga/steps';
import { orderSteps, type CancelReason } from './activities';

export type { CancelReason, Refusal } from './activities';

/** The failure types by which steps are refused for good. */
export const refusals = refusalsOf(orderSteps);

/** Why an undo is refused for good: what it would undo is final by now. */
export const undoRefusals = undoRefusalsOf(orderSteps);

/** Every reason that this platform cancels orders for. */
export const cancelReasons = [
  ...refusals,
  'customer-request',
  'operator-request',
  'failed',
] as const satisfies readonly CancelReason[];

/** How a saga ended. Those that began before parcels were waited for ended as `confirmed`. */
export type OrderOutcome =
  { status: 'confirmed' | 'delivered' } | { status: 'cancelled'; reason: CancelReason; detail?: string };
