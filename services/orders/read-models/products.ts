import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/projections/projection';
import type { OrderTables } from '../tables';

/** Names and prices of products: a copy, so that the order service never calls inventory. */
export const products = projection<OrderTables['products']>()({
  name: 'products',
  version: 1,
  from: exchanges.inventory,
  table: 'products',
  key: ['sku'],
  keyOf: ({ sku }) => ({ sku }),
  on: {
    'product.added': (_, { data: { sku, name, price } }) => ({ sku, name, ...price }),
    'product.changed': (row, { data: { name, price } }) => row && { ...row, ...price, name: name ?? row.name },
  },
});
