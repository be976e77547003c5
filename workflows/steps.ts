import type {
  InventoryActivities,
  OrderActivities,
  PaymentActivities,
  ShippingActivities,
} from '../contracts/saga/activities';
import type { PlacedOrder } from '../contracts/saga/order';
import { taskQueues } from '../contracts/saga/task-queues';
import { describeItems, describeMoney } from '../contracts/saga/words';
import { callsTo } from './call';
import type { Reason } from './reason';

const inventory = callsTo<InventoryActivities>(taskQueues.inventory);
const payments = callsTo<PaymentActivities>(taskQueues.payments);
const shipping = callsTo<ShippingActivities>(taskQueues.shipping);
const orders = callsTo<OrderActivities>(taskQueues.orders);

/** The order's steps and their undos; the text is what people read in the Temporal Web UI. */
export const reserveStock = (order: PlacedOrder) => inventory('reserveStock', `Reserve ${describeItems(order)}`, order);
export const releaseStock = (order: PlacedOrder) => inventory('releaseStock', `Release ${describeItems(order)}`, order);

export const authorizePayment = (order: PlacedOrder) =>
  payments('authorizePayment', `Authorise ${describeMoney(order.total)}`, order);
export const voidPayment = (order: PlacedOrder) =>
  payments('voidPayment', `Let go of ${describeMoney(order.total)}`, order);

export const bookShipment = (order: PlacedOrder) =>
  shipping('bookShipment', `Book a parcel to ${order.shippingAddress.country}`, order);
export const cancelShipment = (order: PlacedOrder) => shipping('cancelShipment', 'Cancel the parcel', order);

export const capturePayment = (order: PlacedOrder) =>
  payments('capturePayment', `Capture ${describeMoney(order.total)}`, order);
export const refundPayment = (order: PlacedOrder) =>
  payments('refundPayment', `Refund ${describeMoney(order.total)}`, order);

export const confirmOrder = (order: PlacedOrder) => orders('confirmOrder', 'Confirm the order', order);
export const cancelOrder = (order: PlacedOrder, { reason, detail }: Reason) =>
  orders('cancelOrder', `Cancel the order: ${reason}`, order, reason, detail);
