import type { DataOf } from '../lib/events/define';
import type { orderCreated } from './events/order';
import type { PlacedOrder } from './saga/order';

/** What the saga needs of a new order. */
export const toPlacedOrder = (created: DataOf<typeof orderCreated>): PlacedOrder => ({
  orderId: created.orderId,
  userId: created.userId,
  items: created.items.map(({ sku, quantity }) => ({ sku, quantity })),
  total: created.total,
  paymentToken: created.payment.token,
  shippingAddress: created.shippingAddress,
  ...(created.ifUnavailable === 'ship_rest' ? { ifUnavailable: created.ifUnavailable } : {}),
});
