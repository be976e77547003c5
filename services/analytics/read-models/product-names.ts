import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import type { ProductNameRow } from '../tables';

/** The current names of products. */
export const productNames = projection<ProductNameRow>()({
  name: 'product-names',
  version: 1,
  from: exchanges.inventory,
  table: 'product_names',
  key: ['sku'],
  keyOf: ({ sku }) => ({ sku }),
  on: {
    'product.added': (_, { data: { sku, name } }) => ({ sku, name }),
    'product.changed': (row, { data: { name } }) => row && { ...row, name: name ?? row.name },
  },
});
