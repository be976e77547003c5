import { z } from 'zod';

/**
 * A stock-keeping unit: the seller's own name of a product, safe in URLs and stream names. It is text: `tea-1` and
 * `TEA-1` are two products, as in the systems of sellers that it comes from.
 */
export const sku = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a SKU is 1 to 64 letters, digits, ".", "_", "-"');
