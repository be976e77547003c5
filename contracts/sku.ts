import { z } from 'zod';

/**
 * A stock-keeping unit: the seller's identifier of a product, safe in URLs and stream names. It is case-sensitive: `tea-1`
 * and `TEA-1` are two products, as in the systems of sellers.
 */
export const sku = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"');
