import { exchanges } from '../../../contracts/events';
import {
  stockAdjusted,
  stockReleased,
  stockReserved,
  stockReturned,
  stockShipped,
} from '../../../contracts/events/inventory';
import { projection } from '../../../lib/projections/projection';
import { emptyStock, evolve, type StockEvent } from '../stock';
import type { InventoryTables } from '../tables';

type StockRow = InventoryTables['stock'];

/** Units by state; a product without any has a row, too. Written together with its events. */
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
