import { sql, type RawBuilder } from 'kysely';

/** The statement that writes one row, alone or as a part (`with … as (…)`) of a bigger one. */
export const rowInsert = (table: string, row: object): RawBuilder<unknown> => sql`
  insert into ${sql.table(table)}
  select * from json_populate_record(null::${sql.table(table)}, ${JSON.stringify(row)}::json)`;
