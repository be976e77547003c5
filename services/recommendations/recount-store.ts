import { sql, type Kysely, type Transaction } from 'kysely';
import type { Queryable } from '../../lib/db/database';

// Raw SQL: the counting happens in the database.

/** The difference between the counts and the baskets at one moment. */
interface Difference {
  /** The table of baskets that was counted. */
  table: number;
  /** The number of baskets that count, minus the stored number. */
  baskets: number;
}

/**
 * Corrects the counts by counting every basket, while baskets go on changing. The difference is found in one snapshot of
 * baskets and counts, and added to the counts afterwards, `atOnce` rows in a transaction: later changes have updated the
 * counts themselves, and wait for those rows only. Until it is done, recommendations are based on a mixture.
 * Does nothing while another process does it; an interrupted one starts again.
 */
export async function recount<Tables>(db: Kysely<Tables>, atOnce = 1_000): Promise<void> {
  await db.connection().execute(async (own) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_lock(hashtext('recount')) as mine`.execute(own);
    if (!rows[0]?.mine) return;
    try {
      const difference = await own.transaction().setIsolationLevel('repeatable read').execute(findDifference);
      while ((await addProducts(own, atOnce)) > 0);
      while ((await addPairs(own, atOnce)) > 0);
      await sql`
        update basket_totals set baskets = baskets + ${difference.baskets}, counted_table = ${difference.table}`.execute(
        own,
      );
    } finally {
      await sql`drop table if exists pg_temp.lacking_products, pg_temp.lacking_pairs`.execute(own);
      await sql`select pg_advisory_unlock(hashtext('recount'))`.execute(own);
    }
  });
}

async function findDifference<Tables>(trx: Transaction<Tables>): Promise<Difference> {
  // Before the snapshot, so that the table cannot be swapped in between.
  await sql`lock table baskets in access share mode`.execute(trx);
  await sql`
    create temp table lacking_products as
    select sku, sum(count) as by from (
      select sku, 1 as count from baskets, jsonb_array_elements_text(skus) as sku where counts
      union all select sku, -baskets from product_counts
    ) as counted group by sku having sum(count) <> 0`.execute(trx);
  await sql`
    create temp table lacking_pairs as
    select sku, other, sum(count) as by from (
      select sku, other, 1 as count
      from baskets, jsonb_array_elements_text(skus) as sku, jsonb_array_elements_text(skus) as other
      where counts and sku <> other
      union all select sku, other, -together from pair_counts
    ) as counted group by sku, other having sum(count) <> 0`.execute(trx);
  await sql`create index on lacking_products (sku)`.execute(trx);
  await sql`create index on lacking_pairs (sku, other)`.execute(trx);
  const { rows } = await sql<Difference>`
    select 'baskets'::regclass::oid::int8 as table,
      (select count(*) from baskets where counts) - baskets as baskets
    from basket_totals`.execute(trx);
  return rows[0] ?? { table: 0, baskets: 0 };
}

/** Adds the next rows to the counts, in the order in which live changes lock them. @returns how many. */
async function addProducts(db: Queryable, atOnce: number): Promise<number> {
  const { rows } = await sql`
    with next as (
      delete from lacking_products
      where sku in (select sku from lacking_products order by sku limit ${atOnce}) returning *
    )
    insert into product_counts as counted (sku, baskets) select sku, by from next order by sku
    on conflict (sku) do update set baskets = counted.baskets + excluded.baskets
    returning sku`.execute(db);
  return rows.length;
}

async function addPairs(db: Queryable, atOnce: number): Promise<number> {
  const { rows } = await sql`
    with next as (
      delete from lacking_pairs
      where (sku, other) in (select sku, other from lacking_pairs order by sku, other limit ${atOnce}) returning *
    )
    insert into pair_counts as counted (sku, other, together) select sku, other, by from next order by sku, other
    on conflict (sku, other) do update set together = counted.together + excluded.together
    returning sku`.execute(db);
  return rows.length;
}
