import type {
  InventoryActivities,
  OrderActivities,
  PaymentActivities,
  ShippingActivities,
} from '../contracts/saga/activities';
import type { OrderRef, PlacedOrder } from '../contracts/saga/order';
import { taskQueues } from '../contracts/saga/task-queues';
import { describeItems, describeMoney } from '../contracts/saga/words';
import { callsTo } from '../lib/saga/call';
import type { Reason } from './reason';

const inventory = callsTo<InventoryActivities>(taskQueues.inventory);
const payments = callsTo<PaymentActivities>(taskQueues.payments);
const shipping = callsTo<ShippingActivities>(taskQueues.shipping);
const orders = callsTo<OrderActivities>(taskQueues.orders);

/** The order's steps and their undos; the text is what people read in the Temporal Web UI. */
export const reserveStock = (order: PlacedOrder) => inventory('reserveStock', `Reserve ${describeItems(order)}`, order);
export const releaseStock = (order: PlacedOrder) => inventory('releaseStock', `Release ${describeItems(order)}`, order);

export const shipStock = (order: PlacedOrder) => inventory('shipStock', `Send ${describeItems(order)}`, order);
export const returnStock = (order: OrderRef) => inventory('returnStock', 'Take the pieces back', order);

export const authorizePayment = (order: PlacedOrder) =>
  payments('authorizePayment', `Authorise ${describeMoney(order.total)}`, order);
export const voidPayment = (order: PlacedOrder) =>
  payments('voidPayment', `Void the authorisation of ${describeMoney(order.total)}`, order);

export const bookShipment = (order: PlacedOrder) =>
  shipping('bookShipment', `Book a parcel to ${order.shippingAddress.country}`, order);
export const cancelShipment = (order: PlacedOrder) => shipping('cancelShipment', 'Cancel the parcel', order);
export const recallParcel = (order: OrderRef) => shipping('recallParcel', 'Look where the parcel is', order);

export const capturePayment = (order: PlacedOrder) =>
  payments('capturePayment', `Capture ${describeMoney(order.total)}`, order);
export const refundPayment = (order: PlacedOrder) =>
  payments('refundPayment', `Refund ${describeMoney(order.total)}`, order);

export const refundReturn = (order: OrderRef) => payments('refundPayment', 'Refund what came back', order);

export const voidReturn = (order: OrderRef) => payments('voidPayment', 'Void what the gateway still holds', order);

export const reduceOrder = (order: OrderRef, dropped: string[]) =>
  orders('reduceOrder', `Go on without ${dropped.length === 1 ? '1 line' : `${dropped.length} lines`}`, order, dropped);
export const requestReview = (order: OrderRef, reason: string) =>
  orders('requestReview', `Ask for a review: ${reason}`, order, reason);
export const shipOrder = (order: OrderRef) => orders('shipOrder', 'The carrier has the parcel', order);
export const deliverOrder = (order: OrderRef) => orders('deliverOrder', 'The customer has the parcel', order);
export const declineCancellation = (order: OrderRef) =>
  orders('declineCancellation', 'The parcel can’t be called back', order);
export const completeReturn = (order: OrderRef) => orders('completeReturn', 'Complete the return', order);
export const reportStuck = (order: OrderRef, step: string, reason: string) =>
  orders('reportStuck', `Ask for an operator: ${step}`, order, step, reason);

export const recallOrder = (order: OrderRef) => orders('recallOrder', 'Look what has become of the order', order);

export const confirmOrder = (order: PlacedOrder) => orders('confirmOrder', 'Confirm the order', order);
export const cancelOrder = (order: PlacedOrder, { reason, detail }: Reason) =>
  orders('cancelOrder', `Cancel the order: ${reason}`, order, reason, detail);

/** Every undo of an order, for a saga that cannot know which steps have happened; each does nothing if its step has not. */
export const undosOf = (order: PlacedOrder) => [
  { undo: releaseStock(order) },
  { undo: voidPayment(order) },
  { undo: cancelShipment(order), first: true as const },
  { undo: refundPayment(order) },
];
