import { exchanges } from '../../../contracts/events';
import {
  stockAdjusted,
  stockReleased,
  stockReserved,
  stockReturned,
  stockShipped,
} from '../../../contracts/events/inventory';
import { projection } from '../../../lib/projections/projection';
import { applyChange, emptyStock, evolveStock, type Stock, type StockEvent } from '../domain';
import { productOf, rowOf } from '../store';
import type { InventoryTables } from '../tables';

// All three are written together with their events.

/** What is sold. */
export const productList = projection<InventoryTables['products']>()({
  name: 'product-list',
  version: 1,
  from: exchanges.inventory,
  table: 'products',
  key: ['sku'],
  keyOf: ({ sku }) => ({ sku }),
  on: {
    'product.added': (_, { data, version }) => rowOf({ ...data, version }),
    'product.changed': (row, { data }) => row && rowOf(applyChange(productOf(row), data)),
  },
});

/** Where the pieces are. A product without a single piece has a row as well. */
export const stock = projection<Stock>()({
  name: 'stock',
  version: 1,
  from: exchanges.inventory,
  table: 'stock',
  key: ['sku'],
  keyOf: ({ sku }) => ({ sku }),
  on: {
    'product.added': (row, { data }) => row ?? emptyStock(data.sku),
    'stock.adjusted': (row, { data }) => after(row, stockAdjusted(data)),
    'stock.reserved': (row, { data }) => after(row, stockReserved(data)),
    'stock.released': (row, { data }) => after(row, stockReleased(data)),
    'stock.shipped': (row, { data }) => after(row, stockShipped(data)),
    'stock.returned': (row, { data }) => after(row, stockReturned(data)),
  },
});

const after = (row: Stock | undefined, event: StockEvent): Stock =>
  evolveStock(row ?? emptyStock(event.data.sku), event);

/** What is held for which order. */
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
