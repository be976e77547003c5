import { z } from 'zod';
import { sku } from '../sku';
import { price, requestedPrice } from '../money';

const name = z.string().trim().min(1).max(200);
/** More pieces than any shelf holds, few enough that sums stay exact. */
const mostPieces = 1_000_000_000;

/** `POST /products` */
export const addProductRequest = z.strictObject({
  sku,
  name,
  price: requestedPrice,
  stock: z.int().min(0).max(mostPieces),
});
export type AddProductRequest = z.infer<typeof addProductRequest>;

/** `PATCH /products/:sku`: what is not named stays as it is. */
export const changeProductRequest = z
  .strictObject({ name: name.optional(), price: requestedPrice.optional() })
  .refine((change) => change.name !== undefined || change.price !== undefined, 'name what to change: name or price');
export type ChangeProductRequest = z.infer<typeof changeProductRequest>;

/** `POST /products/:sku/stock`: pieces that came (positive) or went (negative), and why. */
export const adjustStockRequest = z.strictObject({
  delta: z
    .int()
    .min(-mostPieces)
    .max(mostPieces)
    .refine((delta) => delta !== 0, 'no pieces came or went'),
  reason: z.string().trim().min(1).max(200),
});
export type AdjustStockRequest = z.infer<typeof adjustStockRequest>;

/** A product with its stock, as every route of products answers it. */
export const productResponse = z.strictObject({
  sku,
  name: z.string(),
  price,
  available: z.int(),
  reserved: z.int(),
  shipped: z.int(),
});
export type ProductResponse = z.infer<typeof productResponse>;

/** `GET /products`: by SKU; `nextCursor` is there while more follow. */
export const productListResponse = z.strictObject({
  items: z.array(productResponse),
  nextCursor: z.string().optional(),
});
export const productListQuery = z.strictObject({
  cursor: sku.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ProductListQuery = z.infer<typeof productListQuery>;
