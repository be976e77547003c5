import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import { applyChange } from '../domain';
import { productOf, rowOf } from '../store';
import type { InventoryTables } from '../tables';

/** What is sold; written together with its events. */
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
