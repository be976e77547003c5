import { exchanges } from '../../contracts/events';
import { projection } from '../../lib/projections/projection';
import type { CatalogueRow } from './tables';

/** The products that there are, by name. */
export const catalogue = projection<CatalogueRow>()({
  name: 'catalogue',
  version: 1,
  from: exchanges.inventory,
  table: 'catalogue',
  key: ['sku'],
  keyOf: ({ sku }) => ({ sku }),
  on: {
    'product.added': (_, { data: { sku, name } }) => ({ sku, name }),
    'product.changed': (row, { data: { name } }) => row && { ...row, name: name ?? row.name },
  },
});
