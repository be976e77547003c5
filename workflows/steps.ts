import {
  refusals,
  undoRefusals,
  type InventoryActivities,
  type OrderActivities,
  type PaymentActivities,
  type ShippingActivities,
} from '../contracts/saga/activities';
import { retryOnly } from '../contracts/saga/messages';
import { searchAttributes, taskQueues, type OrderRef, type PlacedOrder } from '../contracts/saga/order';
import { describeItems, describeMoney } from '../contracts/saga/format';
import { callsTo } from '../lib/saga/call';
import type { SagaKind } from '../lib/saga/kind';
import type { Reason } from './outcome';

const inventory = callsTo<InventoryActivities>(taskQueues.inventory);
const payments = callsTo<PaymentActivities>(taskQueues.payments);
const shipping = callsTo<ShippingActivities>(taskQueues.shipping);
const orders = callsTo<OrderActivities>(taskQueues.orders);

/** The steps of an order and their undos; the texts are shown in the Temporal Web UI. */
export const reserveStock = (order: PlacedOrder) => inventory('reserveStock', `Reserve ${describeItems(order)}`, order);
export const releaseStock = (order: PlacedOrder) => inventory('releaseStock', `Release ${describeItems(order)}`, order);

export const shipStock = (order: PlacedOrder) => inventory('shipStock', `Ship ${describeItems(order)}`, order);
export const returnStock = (order: OrderRef) => inventory('returnStock', 'Return the items to stock', order);

export const authorizePayment = (order: PlacedOrder) =>
  payments('authorizePayment', `Authorise ${describeMoney(order.total)}`, order);
export const voidPayment = (order: PlacedOrder) =>
  payments('voidPayment', `Void the authorisation of ${describeMoney(order.total)}`, order);

export const bookShipment = (order: PlacedOrder) =>
  shipping(
    'bookShipment',
    `Book a parcel to ${order.destination ?? order.shippingAddress?.country ?? 'the customer'}`,
    order,
  );
export const cancelShipment = (order: PlacedOrder) => shipping('cancelShipment', 'Cancel the parcel', order);
export const recallParcel = (order: OrderRef) => shipping('recallParcel', 'Look up the status of the parcel', order);

export const capturePayment = (order: PlacedOrder) =>
  payments('capturePayment', `Capture ${describeMoney(order.total)}`, order);
export const refundPayment = (order: PlacedOrder) =>
  payments('refundPayment', `Refund ${describeMoney(order.total)}`, order);

export const refundReturn = (order: OrderRef) => payments('refundPayment', 'Refund the returned order', order);

export const voidReturn = (order: OrderRef) => payments('voidPayment', 'Void what is still authorised', order);

export const reduceOrder = (order: OrderRef, dropped: string[]) =>
  orders(
    'reduceOrder',
    `Drop ${dropped.length === 1 ? '1 line that is' : `${dropped.length} lines that are`} out of stock`,
    order,
    dropped,
  );
export const requestReview = (order: OrderRef, reason: string) =>
  orders('requestReview', `Request a review: ${reason}`, order, reason);
export const shipOrder = (order: OrderRef) => orders('shipOrder', 'Mark the order as shipped', order);
export const deliverOrder = (order: OrderRef) => orders('deliverOrder', 'Mark the order as delivered', order);
export const declineCancellation = (order: OrderRef) =>
  orders('declineCancellation', 'Decline the cancellation: the parcel can no longer be called back', order);
export const completeReturn = (order: OrderRef) => orders('completeReturn', 'Complete the return', order);
export const reportStuck = (order: OrderRef, step: string, reason: string) =>
  orders('reportStuck', `Request an operator for ${step}`, order, step, reason);

export const recallOrder = (order: OrderRef) => orders('recallOrder', 'Look up the state of the order', order);

export const confirmOrder = (order: PlacedOrder) => orders('confirmOrder', 'Confirm the order', order);
export const cancelOrder = (order: PlacedOrder, { reason, detail, message }: Reason) =>
  orders('cancelOrder', `Cancel the order: ${reason}`, order, reason, detail, message);

/** Every undo of an order, for a saga that does not know which steps have happened; each does nothing if its step has not. */
export const undosOf = (order: PlacedOrder) => [
  { undo: releaseStock(order) },
  { undo: voidPayment(order) },
  { undo: cancelShipment(order), first: true as const },
  { undo: refundPayment(order) },
];

/** What the saga kit knows of these steps: the same for all sagas about an order, including its return. */
export const ofOrders: SagaKind<OrderRef> = {
  refusals,
  undoRefusals,
  retryOnly,
  stuckAttribute: searchAttributes.stuck,
  reportStuck,
  // Patch ids are in the histories of running sagas: they never change.
  patches: {
    operatorGate: 'desk',
    decisionInTime: 'decision-in-time',
    undoFirst: 'parcel-first',
    outages: 'outage',
    directSteps: 'direct-steps',
  },
};
