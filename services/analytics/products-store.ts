import { sql, type Kysely } from 'kysely';
import type { TopProductsQuery } from '../../contracts/http/analytics';
import type { AnalyticsTables } from './tables';

/** What was sold of a product in a range of time, and what was refunded in it. Sums are integers as text, of any size. */
export interface ProductLine {
  currency: string;
  rank: number;
  sku: string;
  /** Null for a product that this service does not know. */
  name: string | null;
  revenue: string;
  refunds: string;
  net: string;
  units: string;
  returnedUnits: string;
}

/** The top products of each currency by revenue or units, after refunds. */
export async function selectTopProducts(
  db: Kysely<AnalyticsTables>,
  { from, to, by, limit, currency }: Omit<TopProductsQuery, 'format'>,
): Promise<ProductLine[]> {
  const inCurrency = currency === undefined ? sql`` : sql`and currency = ${currency}`;
  const measure = by === 'revenue' ? sql`sum(revenue - refunds)` : sql`sum(sold - back)`;
  // Raw SQL: the lines are unfolded from the orders; names are looked up only for the result.
  const { rows } = await sql<ProductLine>`
    with lines as (
      select currency, sku, sum(amount) as revenue, 0::numeric as refunds, sum(quantity) as sold, 0::numeric as back
      from sales, jsonb_to_recordset(items) as line (sku text, quantity bigint, amount bigint)
      where confirmed_at >= ${from} and confirmed_at < ${to} ${inCurrency} group by 1, 2
      union all
      select currency, sku, 0, sum(amount), 0, sum(quantity)
      from sales, jsonb_to_recordset(items) as line (sku text, quantity bigint, amount bigint)
      where refunded_at >= ${from} and refunded_at < ${to} ${inCurrency} group by 1, 2
    ), ranked as (
      select currency, sku, sum(revenue) as revenue, sum(refunds) as refunds, sum(sold) as sold, sum(back) as back,
        row_number() over (partition by currency order by ${measure} desc, sku) as rank
      from lines group by 1, 2
    )
    select currency, rank, sku, name, revenue, refunds, revenue - refunds as net,
      sold as units, back as "returnedUnits"
    from ranked left join product_names using (sku)
    where rank <= ${limit} order by currency, rank`.execute(db);
  return rows;
}
