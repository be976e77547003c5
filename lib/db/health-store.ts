import { sql } from 'kysely';
import type { Queryable } from './database';

/** Whether a database refuses writes, and the names of its migrations. */
export async function selectCondition(db: Queryable): Promise<{ readOnly: boolean; names: string[] }> {
  const { rows } = await sql<{ readOnly: boolean; names: string[] }>`
    select current_setting('transaction_read_only') = 'on' as "readOnly", coalesce(array_agg(name), '{}') as names
    from kysely_migration`.execute(db);
  const [{ readOnly, names } = { readOnly: false, names: [] }] = rows;
  return { readOnly, names };
}
