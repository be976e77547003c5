import { z } from 'zod';
import { sku } from '../ids';

/** `GET /recommendations/:sku` */
export const adviceQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(50).default(5),
  /** Popular products instead of 404 for one that is not known. */
  fallback: z.literal('popular').optional(),
});

/** `GET /recommendations?skus=TEA-1,CUP-1` */
export const basketQuery = adviceQuery.extend({
  skus: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(sku).min(1).max(50)),
});

export const adviceResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      sku: z.string(),
      name: z.string(),
      orders: z.int(),
      lift: z.number().nullable(),
      because: z.enum(['together', 'popular']),
    }),
  ),
});
