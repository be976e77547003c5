import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';

// Raw SQL: counting a basket is one statement however large it is, and an answer is a few index entries.

export async function insertBasket(db: Queryable, orderId: string, skus: readonly string[]): Promise<void> {
  await sql`
    insert into baskets (order_id, skus, counted) values (${orderId}, ${skus}::text[], false)
    on conflict do nothing`.execute(db);
}

/** Before it is counted: an order is reduced before it is confirmed. */
export async function reduceBasket(db: Queryable, orderId: string, dropped: readonly string[]): Promise<void> {
  await sql`
    update baskets set skus = array(select sku from unnest(skus) as sku where sku <> all(${dropped}::text[]))
    where order_id = ${orderId} and not counted`.execute(db);
}

/** Adds a basket to the counts, or takes it out again; what is so already stays so. */
export async function countBasket(db: Queryable, orderId: string, way: 'in' | 'out'): Promise<void> {
  const delta = way === 'in' ? 1 : -1;
  // One at a time: transactions that count several baskets would wait for each other's products in a circle.
  await sql`select pg_advisory_xact_lock(hashtext('recommendations'))`.execute(db);
  await sql`
    with basket as (
      update baskets set counted = ${way === 'in'} where order_id = ${orderId} and counted = ${way === 'out'}
      returning skus
    ),
    products as (
      insert into product_counts as p select sku, ${delta}::int from basket, unnest(skus) as sku
      on conflict (sku) do update set orders = p.orders + excluded.orders
    ),
    pairs as (
      insert into pair_counts as p
      select sku, other, ${delta}::int from basket, unnest(skus) as sku, unnest(skus) as other where sku <> other
      on conflict (sku, other) do update set orders = p.orders + excluded.orders
    )
    update order_count set orders = orders + ${delta}::int from basket`.execute(db);
}

/** A product that goes with others. */
export interface Advice {
  sku: string;
  name: string;
  /** Orders that hold it together with what was asked about; of a popular product, orders that hold it. */
  orders: number;
  /** How many times as often as chance would have it; for several products, the largest. */
  lift: number | null;
  because: 'together' | 'popular';
}

/** The partners of each product that are looked at. */
const candidates = 100;

/**
 * What is bought with these products. Often counts, and so does lift, or everything would go with what sells best: the
 * order is by orders × ln(1 + lift), summed over the products.
 */
export const togetherQuery = (skus: readonly string[], limit: number) => sql<Advice>`
    with pairs as (
      select best.other, best.orders,
        best.orders::float8 * (select orders from order_count) / (own.orders::float8 * theirs.orders) as lift
      from unnest(${skus}::text[]) as asked (sku)
      join product_counts own on own.sku = asked.sku and own.orders > 0
      cross join lateral (
        select other, orders from pair_counts p where p.sku = asked.sku and p.orders > 0
        order by p.orders desc limit ${candidates}
      ) as best
      join product_counts theirs on theirs.sku = best.other and theirs.orders > 0
      where best.other <> all(${skus}::text[])
    )
    select p.other as sku, c.name, sum(p.orders)::int as orders, max(p.lift) as lift, 'together' as because
    from pairs p join catalogue c on c.sku = p.other
    group by p.other, c.name order by sum(p.orders * ln(1 + p.lift)) desc, p.other limit ${limit}`;

export async function selectTogether(db: Queryable, skus: readonly string[], limit: number): Promise<Advice[]> {
  return (await togetherQuery(skus, limit).execute(db)).rows;
}

/** The products that are in most orders, but for these. */
export async function selectPopular(db: Queryable, but: readonly string[], limit: number): Promise<Advice[]> {
  const { rows } = await sql<Advice>`
    select p.sku, c.name, p.orders, null as lift, 'popular' as because
    from product_counts p join catalogue c on c.sku = p.sku
    where p.orders > 0 and p.sku <> all(${but}::text[])
    order by p.orders desc, p.sku limit ${limit}`.execute(db);
  return rows;
}

/** Which of these there are. */
export async function selectKnown(db: Queryable, skus: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ sku: string }>`
    select sku from catalogue where sku = any(${skus}::text[])`.execute(db);
  return rows.map(({ sku }) => sku);
}
