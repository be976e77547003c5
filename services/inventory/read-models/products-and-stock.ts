import { exchanges } from '../../../contracts/events';
import {
  stockAdjusted,
  stockReleased,
  stockReserved,
  stockReturned,
  stockShipped,
} from '../../../contracts/events/inventory';
import { projection } from '../../../lib/projections/projection';
import { afterChange } from '../product';
import { emptyStock, evolve, type StockEvent } from '../stock';
import { productOf, rowOf } from '../store';
import type { InventoryTables } from '../tables';

type StockRow = InventoryTables['stock'];

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
    'product.added': (_, { data, version }) => rowOf(data, version),
    'product.changed': (row, { data, version }) => row && rowOf(afterChange(productOf(row), data), version),
  },
});

/** Where the pieces are. A product without a single piece has a row as well. */
export const stock = projection<StockRow>()({
  name: 'stock',
  version: 1,
  from: exchanges.inventory,
  table: 'stock',
  key: ['sku'],
  keyOf: ({ sku }) => ({ sku }),
  on: {
    'product.added': (row, { data }) => row ?? { ...emptyStock(data.sku), version: 0 },
    'stock.adjusted': (row, { data, version }) => after(row, stockAdjusted(data), version),
    'stock.reserved': (row, { data, version }) => after(row, stockReserved(data), version),
    'stock.released': (row, { data, version }) => after(row, stockReleased(data), version),
    'stock.shipped': (row, { data, version }) => after(row, stockShipped(data), version),
    'stock.returned': (row, { data, version }) => after(row, stockReturned(data), version),
  },
});

const after = (row: StockRow | undefined, event: StockEvent, version: number): StockRow => ({
  ...evolve(row, event),
  version,
});

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
