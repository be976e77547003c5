/** What the saga needs of an order; plain data, so that the workflow bundle stays small. */
export interface PlacedOrder {
  orderId: string;
  userId: string;
  items: { sku: string; quantity: number }[];
  total: { amount: number; currency: string };
  /** The country that the order is shipped to. */
  destination?: string;
  /** The payment token and the address, sealed: only the services that charge and ship can open them. */
  details?: string;
  /** In place of `details`, in sagas that started before details were sealed. */
  paymentToken?: string;
  /** In place of `details` and `destination`, in sagas that started before details were sealed. */
  shippingAddress?: { name: string; line1: string; city: string; postalCode: string; country: string };
  /** Absent means `cancel`, as for all orders from before there was a choice. */
  ifUnavailable?: 'cancel' | 'ship_rest';
}

/** What most steps need of an order. */
export type OrderRef = Pick<PlacedOrder, 'orderId'>;

/** What the order service knows about an order. */
export interface RecalledOrder {
  placed: PlacedOrder;
  status: string;
  /** A cancellation was requested, and is neither carried out nor declined yet. */
  cancelling: boolean;
  /** A return was requested, and is not complete yet. */
  returning: boolean;
  /** An operator's decision; an order that has passed its review was approved. */
  review?: { decision: 'approve' | 'reject'; message?: string };
}

/** What the shipping service knows about the parcel of an order. */
export interface RecalledParcel {
  dispatched: boolean;
  delivered: boolean;
}

/** What had happened to an order before its saga was restarted. */
export type Progress = Pick<RecalledOrder, 'cancelling' | 'review'> & RecalledParcel;

/** The settings of a saga; each keeps those it started with, so a change affects only new ones. */
export interface SagaPolicy {
  /** Orders with at least this total are reviewed, in minor units of the order's currency. */
  reviewFrom: number;
  reviewTimeoutMs: number;
  /** How long after its dispatch an undelivered parcel requests an operator. */
  deliveryTimeoutMs: number;
  /** After how many failures a call that must succeed requests an operator; it keeps retrying. */
  attemptsBeforeAlarm: number;
  /**
   * Whether a step is first tried directly, in the process of the saga worker when the step's owner shares it, and only then
   * through the owner's task queue.
   */
  directSteps?: boolean;
}

const hourMs = 3_600_000;

export const defaultPolicy: SagaPolicy = {
  reviewFrom: 100_000, // The bridge sets it for each currency (workers/bridge/policy.ts).
  reviewTimeoutMs: 24 * hourMs,
  deliveryTimeoutMs: 14 * 24 * hourMs,
  attemptsBeforeAlarm: 20,
};

/** Workflow type names: they are in histories, so they never change. */
export const orderWorkflowType = 'orderSaga';
export const returnWorkflowType = 'returnSaga';
export const recallWorkflowType = 'recallSaga';

/** One workflow per order: the id is derived from the order's, so Temporal refuses a second start. */
export const orderWorkflowId = (orderId: string): string => `order/${orderId}`;

/** A return starts after the workflow of its order has ended. */
export const returnWorkflowId = (orderId: string): string => `return/${orderId}`;

/** Asks the services for the state of an order whose saga no longer exists. */
export const recallWorkflowId = (orderId: string): string => `recall/${orderId}`;

/**
 * The key of a step's effect: `order/<orderId>/<step>`. It stays the same across retries, workers and resets. Whatever
 * undoes the step, the saga or a return, uses it too, so whichever comes late finds what the other left.
 */
export const effectKey = (orderId: string, step: string): string => `${orderWorkflowId(orderId)}/${step}`;

/** Task queues: the saga's workflows on one, each service's activities on its own. */
export const taskQueues = {
  saga: 'order-saga',
  inventory: 'inventory',
  orders: 'orders',
  payments: 'payments',
  shipping: 'shipping',
} as const;

/** The search attributes of order workflows; nothing personal. */
export const searchAttributes = {
  status: { name: 'OrderStatus', type: 'KEYWORD' },
  user: { name: 'UserId', type: 'KEYWORD' },
  /** The activity that waits for an operator; absent while none does. */
  stuck: { name: 'StuckStep', type: 'KEYWORD' },
} as const;
