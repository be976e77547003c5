import { exchanges } from '../../../contracts/events';
import type { OrderLine } from '../../../contracts/events/order';
import { projection } from '../../../lib/projections/projection';
import type { SaleRow, SoldItem } from '../tables';

/** One row per order, with the times that matter to reports, which are sums over these rows. */
export const sales = projection<SaleRow>()({
  name: 'sales',
  version: 1,
  from: exchanges.orders,
  table: 'sales',
  key: ['order_id'],
  keyOf: ({ orderId }) => ({ order_id: orderId }),
  on: {
    'order.created': (_, { data, time }) => ({
      order_id: data.orderId,
      status: 'placed',
      currency: data.total.currency,
      total: data.total.amount,
      ...counted(data.items.map(soldItem)),
      placed_at: time,
      confirmed_at: null,
      cancelled_at: null,
      reason: null,
      delivered_at: null,
      returned_at: null,
      refunded_at: null,
    }),
    'order.reduced': (row, { data: { dropped, total } }) =>
      row && { ...row, total: total.amount, ...counted(row.items.filter(({ sku }) => !dropped.includes(sku))) },
    'order.review_requested': (row) => row && { ...row, status: 'in_review' },
    'order.confirmed': (row, { time }) => row && { ...row, status: 'confirmed', confirmed_at: time },
    'order.cancelled': (row, { data: { reason }, time }) =>
      row && { ...row, status: 'cancelled', cancelled_at: time, reason, refunded_at: row.confirmed_at && time },
    'order.shipped': (row) => row && { ...row, status: 'shipped' },
    'order.delivered': (row, { time }) => row && { ...row, status: 'delivered', delivered_at: time },
    'order.returned': (row, { time }) => row && { ...row, status: 'returned', returned_at: time, refunded_at: time },
  },
});

const soldItem = ({ sku, quantity, lineTotal }: OrderLine): SoldItem => ({ sku, quantity, amount: lineTotal.amount });

const counted = (items: SoldItem[]): Pick<SaleRow, 'items' | 'units'> => ({
  items,
  units: items.reduce((sum, { quantity }) => sum + quantity, 0),
});
