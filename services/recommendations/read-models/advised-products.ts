import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import type { AdvisedProductRow } from '../tables';

/** The products and their names. */
export const advisedProducts = projection<AdvisedProductRow>()({
  name: 'advised-products',
  version: 1,
  from: exchanges.inventory,
  table: 'advised_products',
  key: ['sku'],
  keyOf: ({ sku }) => ({ sku }),
  on: {
    'product.added': (_, { data: { sku, name } }) => ({ sku, name }),
    'product.changed': (row, { data: { name } }) => row && { ...row, name: name ?? row.name },
  },
});
