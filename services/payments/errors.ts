import { defineErrors } from '../../lib/errors/errors';
import { permanent } from '../../lib/errors/meaning';

/** Why the gateway refuses to take money. */
export const { table, fail } = defineErrors({
  'payment-declined': permanent(402, 'The payment was declined'),
  'capture-refused': permanent(402, 'The capture of the payment was refused'),
});
