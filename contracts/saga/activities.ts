import type { RefusalOf, StepDeclarations, UndoRefusalOf } from '../../lib/saga/steps';
import type { OrderRef, PlacedOrder, RecalledOrder, RecalledParcel } from './order';

/**
 * The saga's steps, as interfaces: workflows call them, the owning services carry them out.
 * Each is idempotent by its effect key `<workflowId>/<step>`; each undo fences its step.
 * What each step is refused with, and what undoes it, is declared in `orderSteps` below.
 */
export interface InventoryActivities {
  /**
   * Holds the pieces, all or none. When the customer wants the rest, lines that are short are dropped instead, and their
   * SKUs returned, unless nothing is left.
   */
  reserveStock: (order: PlacedOrder) => Promise<{ dropped: string[] } | undefined>;
  releaseStock: (order: OrderRef) => Promise<void>;
  /** The pieces have left the house. */
  shipStock: (order: OrderRef) => Promise<void>;
  /** They are back. */
  returnStock: (order: OrderRef) => Promise<void>;
}

export interface PaymentActivities {
  /** Holds the money. */
  authorizePayment: (order: PlacedOrder) => Promise<{ paymentId: string; flagged: boolean }>;
  voidPayment: (order: OrderRef) => Promise<void>;
  /** Moves the money: the pivot. */
  capturePayment: (order: OrderRef) => Promise<void>;
  refundPayment: (order: OrderRef) => Promise<void>;
}

export interface ShippingActivities {
  /** Books the carrier. */
  bookShipment: (order: PlacedOrder) => Promise<{ shipmentId: string }>;
  /** Calls the parcel back, also from its way. Refuses with `shipment-not-cancellable` when it is delivered. */
  cancelShipment: (order: OrderRef) => Promise<void>;
  /** What the carrier has said of the parcel. */
  recallParcel: (order: OrderRef) => Promise<RecalledParcel>;
}

export interface OrderActivities {
  /** Drops lines that are out of stock; returns what the rest costs. */
  reduceOrder: (order: OrderRef, dropped: string[]) => Promise<{ total: PlacedOrder['total'] }>;
  requestReview: (order: OrderRef, reason: string) => Promise<void>;
  confirmOrder: (order: OrderRef) => Promise<void>;
  /** Refuses with `step-fenced` when the customer has cancelled before. */
  shipOrder: (order: OrderRef) => Promise<void>;
  deliverOrder: (order: OrderRef) => Promise<void>;
  cancelOrder: (order: OrderRef, reason: CancelReason, detail?: string) => Promise<void>;
  /** Answers a customer who wanted to cancel that it is too late. Without such a wish it does nothing. */
  declineCancellation: (order: OrderRef) => Promise<void>;
  completeReturn: (order: OrderRef) => Promise<void>;
  /** Reports that a saga waits for an operator. */
  reportStuck: (order: OrderRef, step: string, reason: string) => Promise<void>;
  /** What the order's log says of it. Refuses with `not-found`. */
  recallOrder: (order: OrderRef) => Promise<RecalledOrder>;
}

export type Activities = InventoryActivities & PaymentActivities & ShippingActivities & OrderActivities;

/**
 * The order's steps as far as its pivot, in their order: what undoes each, and with what it and its undo are refused for
 * good. The reasons of cancelled orders, the cases of the fault matrix and rows of `docs/errors.md` follow from it.
 */
export const orderSteps = {
  reserveStock: {
    undo: 'releaseStock',
    refusals: { 'out-of-stock': 'Not enough pieces in stock', 'unknown-product': 'There is no such product' },
  },
  reduceOrder: {},
  authorizePayment: { undo: 'voidPayment', refusals: { 'payment-declined': 'The payment was declined' } },
  // The step asks for a review, whose end may be a refusal.
  requestReview: {
    refusals: {
      'review-rejected': 'The order was rejected in its review',
      'review-timed-out': 'The order was not reviewed in time',
    },
  },
  bookShipment: {
    undo: 'cancelShipment',
    refusals: { 'address-not-serviceable': 'The carrier does not serve this address' },
    undoRefusals: { 'shipment-not-cancellable': 'The parcel can no longer be called back' },
  },
  capturePayment: { undo: 'refundPayment', refusals: { 'capture-refused': 'The capture of the payment was refused' } },
} as const satisfies StepDeclarations<keyof Activities>;

/** Why a step was refused for good: the saga undoes what was done and cancels the order with this reason. */
export type Refusal = RefusalOf<typeof orderSteps>;

/** Why an undo was refused for good. */
export type UndoRefusal = UndoRefusalOf<typeof orderSteps>;

/**
 * The reasons that this platform cancels orders for. In events the reason is an open word: readers must expect others.
 * `operator-request`: its workflow was cancelled in Temporal; `failed`: a step failed for good for a technical reason.
 */
export type CancelReason = Refusal | 'customer-request' | 'operator-request' | 'failed';
