import type { CancelReason } from './failures';
import type { PlacedOrder } from './order';

/**
 * The saga's steps, as interfaces: workflows call them, the owning services carry them out.
 * Each is idempotent by its effect key `<workflowId>/<step>`; each undo fences its step.
 * A definite refusal is an ApplicationFailure, not retryable, whose type is a `Refusal`.
 */
export interface InventoryActivities {
  /** Holds the pieces, all or none. Refuses with `out-of-stock` or `unknown-product`. */
  reserveStock: (order: PlacedOrder) => Promise<void>;
  releaseStock: (order: PlacedOrder) => Promise<void>;
}

export interface PaymentActivities {
  /** Holds the money. Refuses with `payment-declined`. */
  authorizePayment: (order: PlacedOrder) => Promise<{ paymentId: string; flagged: boolean }>;
  voidPayment: (order: PlacedOrder) => Promise<void>;
  /** Moves the money: the pivot. Refuses with `capture-refused`. */
  capturePayment: (order: PlacedOrder) => Promise<void>;
  refundPayment: (order: PlacedOrder) => Promise<void>;
}

export interface ShippingActivities {
  /** Books the carrier. Refuses with `address-not-serviceable`. */
  bookShipment: (order: PlacedOrder) => Promise<{ shipmentId: string }>;
  cancelShipment: (order: PlacedOrder) => Promise<void>;
}

export interface OrderActivities {
  confirmOrder: (order: PlacedOrder) => Promise<void>;
  cancelOrder: (order: PlacedOrder, reason: CancelReason, detail?: string) => Promise<void>;
}
