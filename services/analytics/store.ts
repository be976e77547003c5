import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';

// Raw SQL: buckets, percentiles and lines out of JSON, each answer one statement.

/** From, up to but not including. */
export interface Range {
  from: Date;
  to: Date;
}

export type Bucket = 'minute' | 'hour' | 'day' | 'month';

/** What was sold in a span of time, and what of earlier sales was given back in it; amounts in minor units. */
export interface SalesRow {
  from: Date;
  currency: string;
  orders: number;
  units: number;
  revenue: number;
  refunded: number;
}

/** Sold counts when it was confirmed, refunded when it was cancelled or returned after that. Spans are those of UTC. */
export async function selectSales(db: Queryable, { from, to }: Range, bucket: Bucket): Promise<SalesRow[]> {
  const { rows } = await sql<SalesRow>`
    select date_trunc(${bucket}, at, 'UTC') as "from", currency,
      sum(orders)::int as orders, sum(units)::int as units,
      sum(revenue)::bigint as revenue, sum(refunded)::bigint as refunded
    from (
      select confirmed_at as at, currency, 1 as orders, units, total as revenue, 0 as refunded
      from sales where confirmed_at >= ${from} and confirmed_at < ${to}
      union all
      select coalesce(returned_at, cancelled_at), currency, 0, 0, 0, total
      from sales
      where confirmed_at is not null
        and coalesce(returned_at, cancelled_at) >= ${from} and coalesce(returned_at, cancelled_at) < ${to}
    ) as facts
    group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

/** How a product sold; `returned` are units of orders that were taken back since. */
export interface ProductRow {
  sku: string;
  currency: string;
  orders: number;
  units: number;
  revenue: number;
  returned: number;
}

/** The products that sold best among the orders confirmed in a range, by revenue. */
export async function selectProducts(db: Queryable, { from, to }: Range, limit: number): Promise<ProductRow[]> {
  const { rows } = await sql<ProductRow>`
    select i.sku, s.currency, count(*)::int as orders, sum(i.quantity)::int as units, sum(i.amount)::bigint as revenue,
      coalesce(sum(i.quantity) filter (where coalesce(s.returned_at, s.cancelled_at) is not null), 0)::int as returned
    from sales s
    cross join lateral jsonb_to_recordset(s.items) as i (sku text, quantity int, amount bigint)
    where s.confirmed_at >= ${from} and s.confirmed_at < ${to}
    group by i.sku, s.currency order by revenue desc, i.sku limit ${limit}`.execute(db);
  return rows;
}

/** What became of the orders placed in a range; times in seconds, undefined when none was confirmed. */
export interface Funnel {
  placed: number;
  confirmed: number;
  cancelled: number;
  p50: number | null;
  p95: number | null;
}

export async function selectFunnel(db: Queryable, { from, to }: Range): Promise<Funnel> {
  const { rows } = await sql<Funnel>`
    select count(*)::int as placed, count(confirmed_at)::int as confirmed, count(cancelled_at)::int as cancelled,
      percentile_cont(0.5) within group (order by extract(epoch from confirmed_at - placed_at)) as p50,
      percentile_cont(0.95) within group (order by extract(epoch from confirmed_at - placed_at)) as p95
    from sales where placed_at >= ${from} and placed_at < ${to}`.execute(db);
  return rows[0] ?? { placed: 0, confirmed: 0, cancelled: 0, p50: null, p95: null };
}

/** Why orders placed in a range were cancelled, the most frequent reason first. */
export async function selectReasons(db: Queryable, { from, to }: Range): Promise<{ reason: string; orders: number }[]> {
  const { rows } = await sql<{ reason: string; orders: number }>`
    select reason, count(*)::int as orders from sales
    where placed_at >= ${from} and placed_at < ${to} and reason is not null
    group by reason order by orders desc, reason`.execute(db);
  return rows;
}
