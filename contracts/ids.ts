import { z } from 'zod';

/** Ids that we make are UUIDv7: they sort by time, so indexes stay dense (RFC 9562). */
export const id = z.uuid();

/** A stock-keeping unit: the seller's own name of a product, safe in URLs and stream names. */
export const sku = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a SKU is 1 to 64 letters, digits, ".", "_", "-"');
