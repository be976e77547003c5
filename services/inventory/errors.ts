import { defineErrors } from '../../lib/errors/errors';
import { permanent } from '../../lib/errors/meaning';

/** Why stock cannot be reserved. */
export const { table, fail } = defineErrors({
  'out-of-stock': permanent(409, 'Not enough pieces in stock'),
  'unknown-product': permanent(422, 'There is no such product'),
});
