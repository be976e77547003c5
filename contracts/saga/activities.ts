import type { CancelReason } from './failures';
import type { OrderRef, PlacedOrder, RecalledOrder, RecalledParcel } from './order';

/**
 * The saga's steps, as interfaces: workflows call them, the owning services carry them out.
 * Each is idempotent by its effect key `<workflowId>/<step>`; each undo fences its step.
 * A definite refusal is an ApplicationFailure, not retryable, whose type is a `Refusal`.
 */
export interface InventoryActivities {
  /**
   * Holds the pieces, all or none. Refuses with `out-of-stock` or `unknown-product`. When the customer wants the rest,
   * lines that are short are dropped instead, unless nothing is left: then their SKUs come back.
   */
  reserveStock: (order: PlacedOrder) => Promise<{ dropped: string[] } | undefined>;
  releaseStock: (order: OrderRef) => Promise<void>;
  /** The pieces have left the house. */
  shipStock: (order: OrderRef) => Promise<void>;
  /** They are back. */
  returnStock: (order: OrderRef) => Promise<void>;
}

export interface PaymentActivities {
  /** Holds the money. Refuses with `payment-declined`. */
  authorizePayment: (order: PlacedOrder) => Promise<{ paymentId: string; flagged: boolean }>;
  voidPayment: (order: OrderRef) => Promise<void>;
  /** Moves the money: the pivot. Refuses with `capture-refused`. */
  capturePayment: (order: OrderRef) => Promise<void>;
  refundPayment: (order: OrderRef) => Promise<void>;
}

export interface ShippingActivities {
  /** Books the carrier. Refuses with `address-not-serviceable`. */
  bookShipment: (order: PlacedOrder) => Promise<{ shipmentId: string }>;
  /** Calls the parcel back, also from its way. Refuses with `shipment-not-cancellable` when it is delivered. */
  cancelShipment: (order: OrderRef) => Promise<void>;
  /** What the carrier has said of the parcel. */
  recallParcel: (order: OrderRef) => Promise<RecalledParcel>;
}

export interface OrderActivities {
  /** Drops lines that are out of stock; gives back what the rest costs. */
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
  /** Tells whoever listens that a saga waits for an operator. */
  reportStuck: (order: OrderRef, step: string, reason: string) => Promise<void>;
  /** What the order's log says of it. Refuses with `not-found`. */
  recallOrder: (order: OrderRef) => Promise<RecalledOrder>;
}
