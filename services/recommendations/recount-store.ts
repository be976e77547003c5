import { sql, type Kysely, type Transaction } from 'kysely';
import type { Queryable } from '../../lib/db/database';

// Raw SQL: what is counted stays in the database.

/** What the counts lacked when they were compared with the baskets. */
interface Lack {
  /** The table of baskets that was counted. */
  table: number;
  /** Of all baskets. */
  baskets: number;
}

/**
 * Puts the counts right by counting every basket, while baskets go on changing. What the counts lack is found in one
 * snapshot, of baskets and counts alike, and added to them afterwards, `atOnce` rows in a transaction: a change since has
 * moved the counts by itself, and waits for no more than those rows. Advice is a mixture until it is done.
 * Does nothing while another process does it; one that is broken off begins anew.
 */
export async function recount<Tables>(db: Kysely<Tables>, atOnce = 1_000): Promise<void> {
  await db.connection().execute(async (own) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_lock(hashtext('recount')) as mine`.execute(own);
    if (!rows[0]?.mine) return;
    try {
      const lack = await own.transaction().setIsolationLevel('repeatable read').execute(findWhatLacks);
      while ((await addProducts(own, atOnce)) > 0);
      while ((await addPairs(own, atOnce)) > 0);
      await sql`
        update basket_totals set baskets = baskets + ${lack.baskets}, counted_table = ${lack.table}`.execute(own);
    } finally {
      await sql`drop table if exists pg_temp.lacking_products, pg_temp.lacking_pairs`.execute(own);
      await sql`select pg_advisory_unlock(hashtext('recount'))`.execute(own);
    }
  });
}

async function findWhatLacks<Tables>(trx: Transaction<Tables>): Promise<Lack> {
  // Before the snapshot: the table that is counted is the one that stays until the end.
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
  const { rows } = await sql<Lack>`
    select 'baskets'::regclass::oid::int8 as table,
      (select count(*) from baskets where counts) - baskets as baskets
    from basket_totals`.execute(trx);
  return rows[0] ?? { table: 0, baskets: 0 };
}

/** Adds the next of them to the counts, in the order in which live changes take the rows; gives back how many. */
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
