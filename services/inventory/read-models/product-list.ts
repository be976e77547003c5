import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import { afterChange } from '../product';
import { productOf, rowOf } from '../store';
import type { InventoryTables } from '../tables';

/** The products; written together with their events. */
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
