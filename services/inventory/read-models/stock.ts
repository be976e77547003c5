import { exchanges } from '../../../contracts/events';
import {
  stockAdjusted,
  stockReleased,
  stockReserved,
  stockReturned,
  stockShipped,
} from '../../../contracts/events/inventory';
import { projection } from '../../../lib/projections/projection';
import { emptyStock, evolveStock, type Stock, type StockEvent } from '../domain';

/** Where the pieces are. A product without a single piece has a row as well. Written together with its events. */
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
