import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { SalesQuery } from '../../contracts/http/analytics';
import type { AnalyticsTables } from './tables';

/** What was sold in a bucket of time, and what was refunded in it. Sums are integers as text, of any size. */
export interface SalesLine {
  start: Date;
  currency: string;
  revenue: string;
  refunds: string;
  net: string;
  orders: number;
  refundedOrders: number;
  units: string;
  averageBasket: string | null;
}

/**
 * Sales by bucket and currency: an order counts when it is confirmed, its refund when it is cancelled after that or
 * returned. So past numbers do not change when an order is returned today.
 */
export function salesBooked({ from, to, bucket, currency }: Omit<SalesQuery, 'format'>): RawBuilder<SalesLine> {
  const inCurrency = currency === undefined ? sql`` : sql`and currency = ${currency}`;
  // Raw SQL: two ranges of one table, each with its own index. Sums of bigint are numeric, so they stay exact.
  return sql<SalesLine>`
    select start, currency, sum(revenue) as revenue, sum(refunds) as refunds, sum(revenue - refunds) as net,
      sum(orders)::bigint as orders,
      sum(refunded)::bigint as "refundedOrders", sum(units)::text as units,
      round(sum(revenue) / nullif(sum(orders), 0)) as "averageBasket"
    from (
      select date_trunc(${bucket}, confirmed_at, 'UTC') as start, currency,
        sum(total) as revenue, 0::numeric as refunds, count(*) as orders, 0 as refunded, sum(units) as units
      from sales where confirmed_at >= ${from} and confirmed_at < ${to} ${inCurrency}
      group by 1, 2
      union all
      select date_trunc(${bucket}, refunded_at, 'UTC'), currency, 0, sum(total), 0, count(*), 0
      from sales where refunded_at >= ${from} and refunded_at < ${to} ${inCurrency}
      group by 1, 2
    ) as booked
    group by 1, 2 order by 1, 2`;
}

export async function selectSales(
  db: Kysely<AnalyticsTables>,
  query: Omit<SalesQuery, 'format'>,
): Promise<SalesLine[]> {
  const { rows } = await salesBooked(query).execute(db);
  return rows;
}
