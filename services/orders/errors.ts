import { defineErrors } from '../../lib/errors/errors';
import { permanent } from '../../lib/errors/meaning';

/** Why the service refuses orders, and requests about them. */
export const { table, platformError } = defineErrors({
  'order-not-cancellable': permanent(409, 'The order can no longer be cancelled'),
  'order-not-returnable': permanent(409, 'The order cannot be returned'),
  'order-not-in-review': permanent(409, 'The order is not waiting for a review'),
  'four-eyes': permanent(403, 'Somebody else must approve the order'),
  'unknown-user': permanent(422, 'User not found'),
  'unknown-product': permanent(422, 'Product not found'),
  'currency-mix': permanent(422, 'All products of an order must have the same currency'),
});
