/** What the saga needs to know of an order; plain data, so that the workflow bundle stays small. */
export interface PlacedOrder {
  orderId: string;
  userId: string;
  items: { sku: string; quantity: number }[];
  total: { amount: number; currency: string };
  paymentToken: string;
  shippingAddress: { name: string; line1: string; city: string; postalCode: string; country: string };
  /** Absent: `cancel`, as for all orders before it could be chosen. */
  ifUnavailable?: 'cancel' | 'ship_rest';
}

/** All that most steps need of an order. */
export type OrderRef = Pick<PlacedOrder, 'orderId'>;

/** What the orders service knows of an order. */
export interface RecalledOrder {
  placed: PlacedOrder;
  status: string;
  /** Its customer has cancelled it, and that is neither carried out nor declined. */
  cancelling: boolean;
  /** Its customer sends it back, and it is not back yet. */
  returning: boolean;
  /** An operator's decision; an order that is past its review was approved. */
  review?: { decision: 'approve' | 'reject'; note?: string };
}

/** What the shipping service knows of an order's parcel. */
export interface RecalledParcel {
  dispatched: boolean;
  delivered: boolean;
}

/** What had happened to an order before its saga began anew. */
export type Progress = Pick<RecalledOrder, 'cancelling' | 'review'> & RecalledParcel;

/** What people decide about sagas in general; it travels with each, so that a change never meets one under way. */
export interface SagaPolicy {
  /** A total of so much or more is looked at by a person, in minor units of the order's currency. */
  reviewFrom: number;
  reviewTimeoutMs: number;
  /** A parcel that is not delivered so long after it was dispatched asks for an operator. */
  deliveryTimeoutMs: number;
  /** A call that must succeed asks for an operator after so many failures, and goes on trying. */
  attemptsBeforeAlarm: number;
}

const hourMs = 3_600_000;

export const defaultPolicy: SagaPolicy = {
  reviewFrom: 100_000,
  reviewTimeoutMs: 24 * hourMs,
  deliveryTimeoutMs: 14 * 24 * hourMs,
  attemptsBeforeAlarm: 20,
};

/** The workflow's type name: in histories for ever, so it never changes. */
export const orderWorkflowType = 'orderSaga';
export const returnWorkflowType = 'returnSaga';
export const recallWorkflowType = 'recallSaga';

/** One workflow per order; the business id is the workflow id, so a second start is refused by Temporal. */
export const orderWorkflowId = (orderId: string): string => `order/${orderId}`;

/** A return begins when its order's workflow has ended. */
export const returnWorkflowId = (orderId: string): string => `return/${orderId}`;

/** Asks the services what has become of an order whose saga is gone. */
export const recallWorkflowId = (orderId: string): string => `recall/${orderId}`;

/** Search attributes that every order workflow carries; nothing personal. */
export const searchAttributes = {
  status: { name: 'OrderStatus', type: 'KEYWORD' },
  user: { name: 'UserId', type: 'KEYWORD' },
  /** The activity that waits for an operator; absent while none does. */
  stuck: { name: 'StuckStep', type: 'KEYWORD' },
} as const;
