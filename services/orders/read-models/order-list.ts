import { exchanges } from '../../../contracts/events';
import { projection, type Fact } from '../../../lib/projections/projection';
import { statusAfter, type OrderEvent } from '../domain';
import type { OrderRow } from '../tables';

type OrderFact = Fact<OrderEvent['type']>;

/** The list view: one row per order. It is written together with the order's events, so it never lags behind them. */
export const orderList = projection<OrderRow>()({
  name: 'order-list',
  version: 1,
  from: exchanges.orders,
  table: 'orders',
  key: ['order_id'],
  keyOf: ({ orderId }) => ({ order_id: orderId }),
  on: {
    'order.created': (_, { data, version, time }) => ({
      order_id: data.orderId,
      user_id: data.userId,
      status: 'placed',
      version,
      total_amount: data.total.amount,
      currency: data.total.currency,
      reason: null,
      placed_at: time,
      updated_at: time,
    }),
    'order.reduced': (row, fact) => row && { ...row, ...after(row, fact), total_amount: fact.data.total.amount },
    'order.review_requested': moved,
    'order.confirmed': moved,
    'order.cancellation_requested': moved,
    'order.cancellation_declined': moved,
    'order.cancelled': (row, fact) => row && { ...row, ...after(row, fact), reason: fact.data.reason },
    'order.shipped': moved,
    'order.delivered': moved,
    'order.attention_needed': moved,
    'order.return_requested': moved,
    'order.returned': moved,
  },
});

function moved(row: OrderRow | undefined, fact: OrderFact): OrderRow | undefined {
  return row && { ...row, ...after(row, fact) };
}

const after = (row: OrderRow, { type, version, time }: OrderFact) => ({
  status: statusAfter(type) ?? row.status,
  version,
  updated_at: time,
});
