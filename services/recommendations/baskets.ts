import { exchanges } from '../../contracts/events';
import { ordered } from '../../lib/inbox/ordered';
import { countBasket, insertBasket, reduceBasket } from './store';
import type { RecommendationTables } from './tables';

/**
 * Counts what confirmed orders hold, in the transaction that marks the event, and takes it out again when the order is
 * cancelled. A basket knows whether it is counted, so that nothing is counted twice.
 */
export const baskets = ordered<RecommendationTables>()({
  name: 'baskets',
  version: 1,
  from: exchanges.orders,
  on: {
    'order.created': ({ orderId, items }, db) => insertBasket(db, orderId, [...new Set(items.map(({ sku }) => sku))]),
    'order.reduced': ({ orderId, dropped }, db) => reduceBasket(db, orderId, dropped),
    'order.confirmed': ({ orderId }, db) => countBasket(db, orderId, 'in'),
    'order.cancelled': ({ orderId }, db) => countBasket(db, orderId, 'out'),
  },
});
