import type { CancelReason } from './failures';

/** What the saga needs to know of an order; plain data, so that the workflow bundle stays small. */
export interface PlacedOrder {
  orderId: string;
  userId: string;
  items: { sku: string; quantity: number }[];
  total: { amount: number; currency: string };
  paymentToken: string;
  shippingAddress: { name: string; line1: string; city: string; postalCode: string; country: string };
}

/** How a saga ended. */
export type OrderOutcome = { status: 'confirmed' } | { status: 'cancelled'; reason: CancelReason; detail?: string };

/** The workflow's type name: in histories for ever, so it never changes. */
export const orderWorkflowType = 'orderSaga';

/** One workflow per order; the business id is the workflow id, so a second start is refused by Temporal. */
export const orderWorkflowId = (orderId: string): string => `order/${orderId}`;

/** Search attributes that every order workflow carries; nothing personal. */
export const searchAttributes = {
  status: { name: 'OrderStatus', type: 'KEYWORD' },
  user: { name: 'UserId', type: 'KEYWORD' },
} as const;
