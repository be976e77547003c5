import type { OrderActivities } from '../contracts/saga/activities';
import type { OrdersService } from '../services/orders/service';

type Orders = Pick<OrdersService, 'change' | 'recall'>;

/** The steps that orders carries out. They need no effect key: the order's events say what has happened. */
export function createOrderActivities(orders: Orders): OrderActivities {
  const change = async (...command: Parameters<Orders['change']>): Promise<void> => {
    await orders.change(...command);
  };
  return {
    reduceOrder: async ({ orderId }, dropped) => {
      const { order } = await orders.change(orderId, { type: 'reduce', dropped });
      return { total: order.total };
    },
    requestReview: ({ orderId }, reason) => change(orderId, { type: 'request-review', reason }),
    confirmOrder: ({ orderId }) => change(orderId, { type: 'confirm' }),
    shipOrder: ({ orderId }) => change(orderId, { type: 'ship' }),
    deliverOrder: ({ orderId }) => change(orderId, { type: 'deliver' }),
    cancelOrder: ({ orderId }, reason, detail, message) =>
      change(orderId, {
        type: 'cancel',
        reason,
        ...(detail === undefined ? {} : { detail }),
        ...(message === undefined ? {} : { message }),
      }),
    declineCancellation: ({ orderId }) => change(orderId, { type: 'decline-cancellation' }),
    completeReturn: ({ orderId }) => change(orderId, { type: 'complete-return' }),
    reportStuck: ({ orderId }, step, reason) => change(orderId, { type: 'need-attention', step, reason }),
    recallOrder: ({ orderId }) => orders.recall(orderId),
  };
}
