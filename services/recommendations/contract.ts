import { z } from 'zod';
import { sku } from '../../contracts/sku';

// Here and not in contracts/http, so that the service can be removed by deleting its folder.

const asked = {
  limit: z.coerce.number().int().min(1).max(50).default(5),
  /** `popular`: recommend popular products instead of answering 404 when a product is unknown. */
  fallback: z.enum(['popular']).optional(),
};

const maxSkus = 50;

/** `GET /recommendations/:sku` */
export const productAdviceQuery = z.strictObject(asked);

/** `GET /recommendations?skus=a,b` */
export const basketAdviceQuery = z.strictObject({
  ...asked,
  skus: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(sku).min(1).max(maxSkus, `at most ${maxSkus} SKUs`)),
});

const product = { sku, name: z.string().nullable() };
const advised = z.discriminatedUnion('basis', [
  z.strictObject({
    basis: z.literal('bought-together'),
    ...product,
    /** The number of orders with both this product and a requested one. */
    together: z.int(),
    /** How many times more often than by chance. */
    lift: z.number(),
  }),
  z.strictObject({ basis: z.literal('popular'), ...product, orders: z.int() }),
]);
export type Advised = z.infer<typeof advised>;

/** The best recommendations first, then popular products up to the limit. */
export const adviceResponse = z.strictObject({ items: z.array(advised) });
