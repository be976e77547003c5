import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import type { InventoryTables } from '../tables';

/** What is reserved for each order; written together with its events. */
export const reservations = projection<InventoryTables['reservations']>()({
  name: 'reservations',
  version: 1,
  from: exchanges.inventory,
  table: 'reservations',
  key: ['order_id', 'sku'],
  keyOf: (data) => ('orderId' in data ? { order_id: data.orderId, sku: data.sku } : undefined),
  on: {
    'stock.reserved': (_, { data: { orderId, sku, quantity } }) => ({ order_id: orderId, sku, quantity }),
    'stock.released': () => undefined,
    'stock.shipped': () => undefined,
  },
});
