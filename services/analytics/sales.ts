import { exchanges } from '../../contracts/events';
import { projection } from '../../lib/projections/projection';
import type { SaleRow, SoldItem } from './tables';

const unitsOf = (items: readonly SoldItem[]): number => items.reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * One row an order, with the times that its events say: whenever and however often they come, also in a rebuild, the
 * numbers are the same. All figures are sums over these rows.
 */
export const sales = projection<SaleRow>()({
  name: 'sales',
  version: 1,
  from: exchanges.orders,
  table: 'sales',
  key: ['order_id'],
  keyOf: ({ orderId }) => ({ order_id: orderId }),
  on: {
    'order.created': (_, { data, time }) => {
      const items = data.items.map(({ sku, quantity, lineTotal }) => ({ sku, quantity, amount: lineTotal.amount }));
      return {
        order_id: data.orderId,
        currency: data.total.currency,
        total: data.total.amount,
        units: unitsOf(items),
        items,
        placed_at: time,
        confirmed_at: null,
        cancelled_at: null,
        reason: null,
        returned_at: null,
      };
    },
    'order.reduced': (row, { data: { dropped, total } }) => {
      if (!row) return undefined;
      const items = row.items.filter(({ sku }) => !dropped.includes(sku));
      return { ...row, items, units: unitsOf(items), total: total.amount };
    },
    'order.confirmed': (row, { time }) => row && { ...row, confirmed_at: time },
    'order.cancelled': (row, { data, time }) => row && { ...row, cancelled_at: time, reason: data.reason },
    'order.returned': (row, { time }) => row && { ...row, returned_at: time },
  },
});
