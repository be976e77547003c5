import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { RecommendationTables } from './tables';

type Db = Kysely<RecommendationTables>;

/** A product that was bought together with the requested ones. */
export interface Companion {
  sku: string;
  name: string | null;
  together: number;
  lift: number;
}

export interface PopularProduct {
  sku: string;
  name: string | null;
  baskets: number;
}

/** How many companions are weighed, the most frequent of each product: a compromise between quality and speed. */
const maxWeighed = 200;

/** Which of these products are known: offered, or part of an order. */
export async function selectKnown(db: Db, skus: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ sku: string }>`
    select sku from advised_products where sku = any(${skus}::text[])
    union select sku from product_counts where sku = any(${skus}::text[])`.execute(db);
  return new Set(rows.map(({ sku }) => sku));
}

/**
 * What was bought together with these products. The lift says how many times more often than by chance, on average over
 * the requested products. A high lift from a few baskets may be chance itself, so the rank weighs it by their number.
 */
export function companionsOf(skus: readonly string[], limit: number): RawBuilder<Companion> {
  const weighed = Math.max(20, Math.floor(maxWeighed / skus.length));
  // Raw SQL: the top companions of each product from an index, then a few rows to weigh.
  return sql<Companion>`
    select advised.sku, name, together, lift
    from (
      select pair.other as sku, sum(pair.together)::bigint as together,
        sum(pair.together::float8 * totals.baskets / (mine.baskets * theirs.baskets)) / ${skus.length}::int as lift
      from unnest(${skus}::text[]) as asked (sku)
      join product_counts mine on mine.sku = asked.sku and mine.baskets > 0
      cross join lateral (
        select other, together from pair_counts
        where sku = asked.sku and together > 0 and other <> all(${skus}::text[])
        order by together desc, other limit ${weighed}
      ) as pair
      join product_counts theirs on theirs.sku = pair.other and theirs.baskets > 0
      cross join basket_totals totals
      group by 1
      order by sum(pair.together::float8 * totals.baskets / (mine.baskets * theirs.baskets)) * ln(1 + sum(pair.together)) desc, 1
      limit ${limit}
    ) as advised
    left join advised_products using (sku)
    order by lift * ln(1 + together) desc, advised.sku`;
}

/** The products in the most baskets, except these. */
export const popularWithout = (skus: readonly string[], limit: number): RawBuilder<PopularProduct> => sql`
  select popular.sku, name, baskets
  from (
    select sku, baskets from product_counts
    where baskets > 0 and sku <> all(${skus}::text[]) order by baskets desc, sku limit ${limit}
  ) as popular
  left join advised_products using (sku) order by baskets desc, popular.sku`;

export async function selectCompanions(db: Db, skus: readonly string[], limit: number): Promise<Companion[]> {
  return (await companionsOf(skus, limit).execute(db)).rows;
}

export async function selectPopular(db: Db, without: readonly string[], limit: number): Promise<PopularProduct[]> {
  return (await popularWithout(without, limit).execute(db)).rows;
}
