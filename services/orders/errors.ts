import { defineErrors } from '../../lib/errors/errors';
import { permanent } from '../../lib/errors/meaning';

/** Why the service refuses orders, and wishes about them. */
export const { table, platformError } = defineErrors({
  'order-not-cancellable': permanent(409, 'The order can no longer be cancelled'),
  'order-not-returnable': permanent(409, 'The order cannot be returned'),
  'order-not-in-review': permanent(409, 'The order does not wait for a review'),
  'unknown-user': permanent(422, 'There is no such user'),
  'unknown-product': permanent(422, 'There is no such product'),
  'currency-mix': permanent(422, 'The order mixes currencies'),
});
