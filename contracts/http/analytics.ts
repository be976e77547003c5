import { z } from 'zod';
import { sku } from '../sku';
import { currency, requestedCurrency } from '../money';

const bucketMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000, month: 28 * 86_400_000 } as const;
type Bucket = keyof typeof bucketMs;
const bucket = z.enum(Object.keys(bucketMs) as [Bucket, ...Bucket[]]);

const maxYears = 10;
const defaultDays = 30;
const maxBuckets = 50_000;

/** A time; a date alone means its beginning in UTC. */
const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'a day such as 2026-01-31, or an ISO 8601 time' })
  .transform((text) => new Date(text));

const range = {
  /** From this time on; by default thirty days before `to`. */
  from: moment.optional(),
  /** Before this time; by default now. */
  to: moment.optional(),
  currency: requestedCurrency.optional(),
  /** `Accept: text/csv` selects `csv` as well. */
  format: z.enum(['json', 'csv']).optional(),
};

interface Asked {
  from?: Date | undefined;
  to?: Date | undefined;
  bucket?: Bucket | undefined;
}

/** Fills in the defaults; refuses an empty range, one of more than ten years, and too many buckets. */
function rangeOf<Q extends Asked>(query: Q, context: z.RefinementCtx<Q>): Q & { from: Date; to: Date } {
  const to = query.to ?? new Date();
  const from = query.from ?? new Date(to.getTime() - defaultDays * bucketMs.day);
  const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  const latest = new Date(from);
  latest.setUTCFullYear(from.getUTCFullYear() + maxYears);
  if (to <= from) refuse('to', 'to must be after from');
  else if (to > latest) refuse('to', `a range can have at most ${maxYears} years`);
  else if (query.bucket !== undefined && (to.getTime() - from.getTime()) / bucketMs[query.bucket] > maxBuckets)
    refuse('bucket', `a range can have at most ${maxBuckets.toLocaleString('en')} buckets; ask for larger buckets`);
  return { ...query, from, to };
}

/** `GET /analytics/sales` */
export const salesQuery = z.strictObject({ ...range, bucket: bucket.default('day') }).transform(rangeOf);
export type SalesQuery = z.infer<typeof salesQuery>;

/** `GET /analytics/funnel`: without `bucket` the whole range is one. */
export const funnelQuery = z.strictObject({ ...range, bucket: bucket.optional() }).transform(rangeOf);
export type FunnelQuery = z.infer<typeof funnelQuery>;

/** `GET /analytics/products`: up to `limit` products of each currency. */
export const topProductsQuery = z
  .strictObject({
    ...range,
    by: z.enum(['revenue', 'units']).default('revenue'),
    limit: z.coerce.number().int().min(1).max(1_000).default(20),
  })
  .transform(rangeOf);
export type TopProductsQuery = z.infer<typeof topProductsQuery>;

/** A sum: a number while that is exact, beyond 2^53 its digits as text. Amounts are minor units of the line's currency. */
const sum = z.union([z.int(), z.string().regex(/^-?\d+$/)]);
const start = z.iso.datetime();

const salesLine = z.strictObject({
  start,
  currency,
  revenue: sum,
  refunds: sum,
  net: sum,
  orders: z.int(),
  refundedOrders: z.int(),
  units: sum,
  /** Null when nothing was sold in the bucket. */
  averageBasket: sum.nullable(),
});
/** Only buckets with a sale or a refund; currencies are never added up. */
export const salesResponse = z.strictObject({ items: z.array(salesLine) });

const productLine = z.strictObject({
  currency,
  rank: z.int(),
  sku,
  name: z.string().nullable(),
  revenue: sum,
  refunds: sum,
  net: sum,
  units: sum,
  returnedUnits: sum,
});
export const topProductsResponse = z.strictObject({ items: z.array(productLine) });

const funnelLine = z.strictObject({
  start,
  currency,
  placed: z.int(),
  confirmed: z.int(),
  cancelled: z.int(),
  /** The share of placed orders that were confirmed: 0 to 1. */
  conversion: z.number(),
  cancellations: z.record(z.string(), z.int()),
  confirmedP50Ms: z.int().nullable(),
  confirmedP95Ms: z.int().nullable(),
});
export const funnelResponse = z.strictObject({ items: z.array(funnelLine) });
