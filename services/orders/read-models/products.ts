import { exchanges } from '../../../contracts/events';
import { projection } from '../../../lib/inbox/projection';
import type { OrderTables } from '../tables';
import { changeProduct, saveProduct } from './store';

/** Names and prices of products: the order service's own copy, so that it never calls inventory. */
export const products = projection<OrderTables>()({
  name: 'products',
  version: 1,
  from: exchanges.inventory,
  on: {
    'product.added': ({ sku, name, price }, db) => saveProduct(db, { sku, name, ...price }),
    'product.changed': ({ sku, name, price }, db) =>
      changeProduct(db, sku, { ...(name === undefined ? {} : { name }), ...price }),
  },
});
