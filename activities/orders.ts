import type { OrderActivities } from '../contracts/saga/activities';
import type { OrdersService } from '../services/orders/service';

/** The steps that orders carries out. They need no effect key: an order's own events tell what has happened. */
export const createOrderActivities = (orders: Pick<OrdersService, 'confirm' | 'cancel'>): OrderActivities => ({
  confirmOrder: ({ orderId }) => orders.confirm(orderId),
  cancelOrder: ({ orderId }, reason, detail) => orders.cancel(orderId, reason, detail),
});
