import { z } from 'zod';
import { sku } from '../sku';
import { requestedLine } from '../text';
import { price, requestedPrice } from '../money';

const name = requestedLine(200);
/** More units than any warehouse holds, few enough that sums stay exact. */
const maxUnits = 1_000_000_000;

/** `POST /products` */
export const addProductRequest = z.strictObject({
  sku,
  name,
  price: requestedPrice,
  stock: z.int().min(0).max(maxUnits),
});
export type AddProductRequest = z.infer<typeof addProductRequest>;

/** `PATCH /products/:sku`: absent fields stay as they are. */
export const changeProductRequest = z
  .strictObject({ name: name.optional(), price: requestedPrice.optional() })
  .refine((change) => change.name !== undefined || change.price !== undefined, 'give a name or a price to change');
export type ChangeProductRequest = z.infer<typeof changeProductRequest>;

/** `POST /products/:sku/stock`: units added (positive) or taken (negative), and why. */
export const adjustStockRequest = z.strictObject({
  delta: z
    .int()
    .min(-maxUnits)
    .max(maxUnits)
    .refine((delta) => delta !== 0, 'must not be 0'),
  reason: z.string().trim().min(1).max(200),
});
export type AdjustStockRequest = z.infer<typeof adjustStockRequest>;

/** A product with its stock, as every product route returns it. */
export const productResponse = z.strictObject({
  sku,
  name: z.string(),
  price,
  available: z.int(),
  reserved: z.int(),
  shipped: z.int(),
});
export type ProductResponse = z.infer<typeof productResponse>;

/** `GET /products`: by SKU; `nextCursor` is present while more follow. */
export const productListResponse = z.strictObject({
  items: z.array(productResponse),
  nextCursor: z.string().optional(),
});
export const productListQuery = z.strictObject({
  cursor: sku.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ProductListQuery = z.infer<typeof productListQuery>;
