import { z } from 'zod';
import { sku } from '../../contracts/sku';

// Here and not in contracts/http: this service can be taken out of the platform with its folder.

const asked = {
  limit: z.coerce.number().int().min(1).max(50).default(5),
  /** `popular`: what most people buy instead of 404, where a product is unknown. */
  fallback: z.enum(['popular']).optional(),
};

const mostAsked = 50;

/** `GET /recommendations/:sku` */
export const productAdviceQuery = z.strictObject(asked);

/** `GET /recommendations?skus=a,b` */
export const basketAdviceQuery = z.strictObject({
  ...asked,
  skus: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(sku).min(1).max(mostAsked, `at most ${mostAsked} SKUs`)),
});

const product = { sku, name: z.string().nullable() };
const advised = z.discriminatedUnion('basis', [
  z.strictObject({
    basis: z.literal('bought-together'),
    ...product,
    /** In how many orders it was together with what was asked about. */
    together: z.int(),
    /** How many times more often than by chance. */
    lift: z.number(),
  }),
  z.strictObject({ basis: z.literal('popular'), ...product, orders: z.int() }),
]);
export type Advised = z.infer<typeof advised>;

/** Best advice first, then popular products until there are enough. */
export const adviceResponse = z.strictObject({ items: z.array(advised) });
