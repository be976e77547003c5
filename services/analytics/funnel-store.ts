import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { FunnelQuery } from '../../contracts/http/analytics';
import type { AnalyticsTables } from './tables';

/** The outcome of the orders placed in a bucket of time. */
export interface FunnelLine {
  start: Date;
  currency: string;
  placed: number;
  confirmed: number;
  cancelled: number;
  conversion: number;
  cancellations: Record<string, number>;
  /** Milliseconds from placed to confirmed, by nearest rank. */
  confirmedP50Ms: number | null;
  confirmedP95Ms: number | null;
}

/** The outcome of the orders placed in a range of time, by currency and bucket (without one, the whole range). */
export function funnelOfPlaced({ from, to, bucket, currency }: Omit<FunnelQuery, 'format'>): RawBuilder<FunnelLine> {
  const start = bucket === undefined ? sql`${from}::timestamptz` : sql`date_trunc(${bucket}, placed_at, 'UTC')`;
  // Raw SQL: percentiles, and counts by reason as one object.
  return sql<FunnelLine>`
    with cohort as materialized (
      select ${start} as start, currency, reason, cancelled_at is not null as is_cancelled,
        round(extract(epoch from confirmed_at - placed_at) * 1000)::bigint as ms
      from sales
      where placed_at >= ${from} and placed_at < ${to} ${currency === undefined ? sql`` : sql`and currency = ${currency}`}
    ), reasons as (
      select start, currency, jsonb_object_agg(reason, cancelled) as cancellations
      from (
        select start, currency, reason, count(*) as cancelled from cohort where is_cancelled group by 1, 2, 3
      ) as counted
      group by 1, 2
    ), lines as (
      select start, currency, count(*) as placed, count(ms) as confirmed,
        count(*) filter (where is_cancelled) as cancelled, round(count(ms)::numeric / count(*), 4)::float8 as conversion,
        percentile_disc(0.5) within group (order by ms) as "confirmedP50Ms",
        percentile_disc(0.95) within group (order by ms) as "confirmedP95Ms"
      from cohort group by 1, 2
    )
    select lines.*, coalesce(cancellations, '{}') as cancellations
    from lines left join reasons using (start, currency) order by start, currency`;
}

export async function selectFunnel(
  db: Kysely<AnalyticsTables>,
  query: Omit<FunnelQuery, 'format'>,
): Promise<FunnelLine[]> {
  const { rows } = await funnelOfPlaced(query).execute(db);
  return rows;
}
