import { z } from 'zod';
import { currency } from '../money';

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const tenYearsMs = 10 * 366 * 86_400_000;
const monthMs = 30 * 86_400_000;
const bucketMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000, month: 28 * 86_400_000 };
const mostBuckets = 50_000;

const rangeShape = {
  /** A month before `to` when it is left out. */
  from: time.optional(),
  /** Now when it is left out; not included. */
  to: time.optional(),
  format: z.enum(['json', 'csv']).default('json'),
};

/** Fills in what was left out, and refuses what makes no sense. */
function rangeOf<Q extends { from?: Date | undefined; to?: Date | undefined }>(query: Q, context: z.RefinementCtx<Q>) {
  const to = query.to ?? new Date();
  const from = query.from ?? new Date(to.getTime() - monthMs);
  const span = to.getTime() - from.getTime();
  const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['from'], message });
  if (span <= 0) refuse('must be before to');
  if (span > tenYearsMs) refuse('at most ten years before to');
  return { ...query, from, to };
}

/** `GET /analytics/sales` */
export const salesQuery = z
  .strictObject({ ...rangeShape, bucket: z.enum(['minute', 'hour', 'day', 'month']).default('day') })
  .transform((query, context) => {
    const ranged = rangeOf(query, context);
    if ((ranged.to.getTime() - ranged.from.getTime()) / bucketMs[query.bucket] > mostBuckets) {
      context.addIssue({
        code: 'custom',
        path: ['bucket'],
        message: `makes more than ${mostBuckets} rows; take a longer one`,
      });
    }
    return ranged;
  });

/** `GET /analytics/products` */
export const topProductsQuery = z
  .strictObject({ ...rangeShape, limit: z.coerce.number().int().min(1).max(1_000).default(20) })
  .transform(rangeOf);

/** `GET /analytics/funnel` */
export const funnelQuery = z.strictObject(rangeShape).transform(rangeOf);

const count = z.int().min(0);
/** Minor units of the row's currency; different currencies are never added. */
const amount = z.int();

const salesRow = z.strictObject({
  from: z.iso.datetime(),
  currency,
  orders: count,
  units: count,
  revenue: amount,
  refunded: amount,
  /** Revenue an order, rounded. */
  averageBasket: amount,
});
export const salesResponse = z.strictObject({ items: z.array(salesRow) });

const productRow = z.strictObject({
  sku: z.string(),
  currency,
  orders: count,
  units: count,
  revenue: amount,
  returned: count,
});
export const topProductsResponse = z.strictObject({ items: z.array(productRow) });

export const funnelResponse = z.strictObject({
  placed: count,
  confirmed: count,
  cancelled: count,
  /** Confirmed of placed, 0 to 1. */
  conversion: z.number(),
  cancelledBy: z.array(z.strictObject({ reason: z.string(), orders: count })),
  /** From placed to confirmed. */
  secondsToConfirm: z.strictObject({ p50: z.number().nullable(), p95: z.number().nullable() }),
});
