import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Queryable } from './database';

/** A statement that can be part of a larger one. */
export type Write = RawBuilder<unknown>;

/** Runs writes as one statement, all or none: one round trip, and no `begin` and `commit` outside of a transaction. */
export async function inOneStatement(db: Queryable, writes: readonly Write[]): Promise<void> {
  const [only] = writes;
  if (only && writes.length === 1) {
    await only.execute(db);
    return;
  }
  const named = writes.map((write, index) => sql`${sql.id(`part_${index}`)} as (${write})`);
  await sql`with ${sql.join(named)} select`.execute(db);
}

/** The statement that inserts one row, alone or as part of a larger one. */
export const rowInsert = (table: string, row: object): Write => sql`
  insert into ${sql.table(table)}
  select * from json_populate_record(null::${sql.table(table)}, ${JSON.stringify(row)}::json)`;

/** Whether statements run in a transaction, which is aborted once one of them has failed. */
export const isTransaction = (db: Queryable): boolean => 'isTransaction' in db && db.isTransaction === true;

/** Runs work in the current transaction if `db` is one, otherwise in a new one. */
export const inTransaction = <Tables, Result>(
  db: Kysely<Tables>,
  work: (trx: Kysely<Tables>) => Promise<Result>,
): Promise<Result> => (db.isTransaction ? work(db) : db.transaction().execute(work));
