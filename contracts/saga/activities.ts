import {
  refusalsOf,
  undoRefusalsOf,
  type RefusalOf,
  type StepDeclarations,
  type UndoOutcome,
  type UndoRefusalOf,
} from '../../lib/saga/steps';
import type { OrderRef, PlacedOrder, RecalledOrder, RecalledParcel } from './order';

/**
 * The saga's steps as interfaces: workflows call them, the owning services carry them out.
 * Each is idempotent by its effect key `<workflowId>/<step>`; each undo fences its step.
 * `orderSteps` below declares the refusals and the undo of each step.
 */
export interface InventoryActivities {
  /**
   * Reserves all items or none. If the customer accepts a partial order, unavailable lines are dropped instead and their
   * SKUs returned, as long as one line remains.
   */
  reserveStock: (order: PlacedOrder) => Promise<{ dropped: string[] } | undefined>;
  releaseStock: (order: OrderRef) => Promise<UndoOutcome>;
  /** The items have left the warehouse. */
  shipStock: (order: OrderRef) => Promise<void>;
  /** The items are back. */
  returnStock: (order: OrderRef) => Promise<void>;
}

export interface PaymentActivities {
  /** Authorises the payment. */
  authorizePayment: (order: PlacedOrder) => Promise<{ paymentId: string; flagged: boolean }>;
  voidPayment: (order: OrderRef) => Promise<UndoOutcome>;
  /** Captures the payment: the pivot. */
  capturePayment: (order: OrderRef) => Promise<void>;
  refundPayment: (order: OrderRef) => Promise<UndoOutcome>;
}

export interface ShippingActivities {
  /** Books the carrier. */
  bookShipment: (order: PlacedOrder) => Promise<{ shipmentId: string }>;
  /** Cancels the shipment, also on its way. Refuses with `shipment-not-cancellable` when it is delivered. */
  cancelShipment: (order: OrderRef) => Promise<UndoOutcome>;
  /** What the carrier has reported about the parcel. */
  recallParcel: (order: OrderRef) => Promise<RecalledParcel>;
}

export interface OrderActivities {
  /** Drops lines that are out of stock. @returns the total of the rest. */
  reduceOrder: (order: OrderRef, dropped: string[]) => Promise<{ total: PlacedOrder['total'] }>;
  requestReview: (order: OrderRef, reason: string) => Promise<void>;
  confirmOrder: (order: OrderRef) => Promise<void>;
  /** Refuses with `step-fenced` when the customer has cancelled the order. */
  shipOrder: (order: OrderRef) => Promise<void>;
  deliverOrder: (order: OrderRef) => Promise<void>;
  /** @param detail for operators @param message for the customer */
  cancelOrder: (order: OrderRef, reason: CancelReason, detail?: string, message?: string) => Promise<void>;
  /** Declines the customer's cancellation, as it is too late. Does nothing when none was requested. */
  declineCancellation: (order: OrderRef) => Promise<void>;
  completeReturn: (order: OrderRef) => Promise<void>;
  /** Reports that the saga waits for an operator. */
  reportStuck: (order: OrderRef, step: string, reason: string) => Promise<void>;
  /** What the order's events say about it. Refuses with `not-found`. */
  recallOrder: (order: OrderRef) => Promise<RecalledOrder>;
}

export type Activities = InventoryActivities & PaymentActivities & ShippingActivities & OrderActivities;

/**
 * The steps of an order up to its pivot, in order: the undo of each, and the permanent refusals of both. The reasons of
 * cancelled orders, the cases of the fault matrix and rows of `docs/errors.md` are derived from it.
 */
export const orderSteps = {
  reserveStock: {
    undo: 'releaseStock',
    refusals: { 'out-of-stock': 'Not enough units in stock', 'unknown-product': 'Product not found' },
  },
  reduceOrder: {},
  authorizePayment: { undo: 'voidPayment', refusals: { 'payment-declined': 'The payment was declined' } },
  // The step requests a review, which may end with a refusal.
  requestReview: {
    refusals: {
      'review-rejected': 'The order was rejected in its review',
      'review-timed-out': 'The order was not reviewed in time',
    },
  },
  bookShipment: {
    undo: 'cancelShipment',
    refusals: { 'address-not-serviceable': 'The carrier does not serve this address' },
    undoRefusals: { 'shipment-not-cancellable': 'The shipment can no longer be cancelled' },
  },
  capturePayment: { undo: 'refundPayment', refusals: { 'capture-refused': 'The capture of the payment was refused' } },
} as const satisfies StepDeclarations<keyof Activities>;

/** Why a step was refused: the saga undoes what was done and cancels the order with this reason. */
export type Refusal = RefusalOf<typeof orderSteps>;

/** Why an undo was refused. */
export type UndoRefusal = UndoRefusalOf<typeof orderSteps>;

/**
 * The reasons that this platform cancels orders for. In events the reason is an open set: readers must expect others.
 * `operator-request`: the workflow was cancelled in Temporal; `failed`: a step failed permanently for a technical reason.
 */
export type CancelReason = Refusal | 'customer-request' | 'operator-request' | 'failed';

/** The failure types with which steps are refused. */
export const refusals = refusalsOf(orderSteps);

/** The failure types with which undos are refused: what they would undo is final. */
export const undoRefusals = undoRefusalsOf(orderSteps);

/** Every reason that this platform cancels orders for. */
export const cancelReasons = [
  ...refusals,
  'customer-request',
  'operator-request',
  'failed',
] as const satisfies readonly CancelReason[];

/** How a saga ended. Sagas from before deliveries were awaited ended as `confirmed`. */
export type OrderOutcome =
  | { status: 'confirmed' | 'delivered' }
  | { status: 'cancelled'; reason: CancelReason; detail?: string; message?: string };
