import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import { countChanges } from '../counts-store';
import type { BasketRow } from '../tables';

const out = (row: BasketRow | undefined): BasketRow | undefined => row && { ...row, counts: false };

/**
 * The products of each order. An order counts from its confirmation until it is cancelled or returned; the counts are
 * updated in the same transaction. Repeated events change no row, so they do not count twice.
 */
export const baskets = projection<BasketRow>()({
  name: 'baskets',
  version: 1,
  from: exchanges.orders,
  table: 'baskets',
  key: ['order_id'],
  keyOf: ({ orderId }) => ({ order_id: orderId }),
  on: {
    'order.created': (_, { data: { orderId, items } }) => ({
      order_id: orderId,
      skus: [...new Set(items.map(({ sku }) => sku))],
      counts: false,
    }),
    'order.reduced': (row, { data: { dropped } }) =>
      row && { ...row, skus: row.skus.filter((sku) => !dropped.includes(sku)) },
    'order.confirmed': (row) => row && { ...row, counts: true },
    'order.cancelled': out,
    'order.returned': out,
  },
  changed: countChanges,
});
