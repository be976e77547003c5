import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';
import type { RowChange } from '../../lib/projections/projection';
import type { BasketRow } from './tables';

// Raw SQL: counts change in sets. Rows are always locked in the same order, so batches never deadlock.

/** A basket that is added to the counts, or removed from them. */
interface Move {
  skus: string[];
  by: 1 | -1;
}

const moveOf = (row: BasketRow | undefined, by: 1 | -1): Move[] => (row?.counts ? [{ skus: row.skus, by }] : []);

/** Updates the counts after baskets have changed. */
export async function countChanges(db: Queryable, changes: readonly RowChange<BasketRow>[]): Promise<void> {
  const moves = changes
    .filter(({ before, after }) => before?.counts !== after?.counts || before?.skus.length !== after?.skus.length)
    .flatMap(({ before, after }) => [...moveOf(before, -1), ...moveOf(after, 1)]);
  if (moves.length === 0) return;
  const moved = sql`jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as moved (skus jsonb, by int)`;
  await sql`
    insert into product_counts as counted (sku, baskets)
    select sku, sum(by) from ${moved}, jsonb_array_elements_text(skus) as sku
    group by sku having sum(by) <> 0 order by sku
    on conflict (sku) do update set baskets = counted.baskets + excluded.baskets`.execute(db);
  await sql`
    insert into pair_counts as counted (sku, other, together)
    select sku, other, sum(by)
    from ${moved}, jsonb_array_elements_text(skus) as sku, jsonb_array_elements_text(skus) as other
    where sku <> other group by sku, other having sum(by) <> 0 order by sku, other
    on conflict (sku, other) do update set together = counted.together + excluded.together`.execute(db);
  const more = moves.reduce((sum, { by }) => sum + by, 0);
  // Last, because every batch needs this row.
  if (more !== 0) await sql`update basket_totals set baskets = baskets + ${more}`.execute(db);
}

/** Whether a rebuild has swapped the table of baskets since it was counted. */
export async function areCountsOld(db: Queryable): Promise<boolean> {
  const { rows } = await sql<{ old: boolean }>`
    select counted_table <> 'baskets'::regclass::oid as old from basket_totals`.execute(db);
  return rows[0]?.old ?? true;
}
