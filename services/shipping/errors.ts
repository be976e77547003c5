import { defineErrors } from '../../lib/errors/errors';
import { permanent } from '../../lib/errors/meaning';

/** Why the carrier takes no parcel, or does not return one. */
export const { table, fail } = defineErrors({
  'shipment-not-cancellable': permanent(409, 'The parcel can no longer be called back'),
  'address-not-serviceable': permanent(422, 'The carrier does not serve this address'),
});
