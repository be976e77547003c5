import type { Kysely } from 'kysely';
import type { Queryable } from './database';

/** Whether statements run in a transaction, which is dead once one of them has failed. */
export const isTransaction = (db: Queryable): boolean => 'isTransaction' in db && db.isTransaction === true;

/** Runs work in the transaction that `db` is, or in one of its own. */
export const inTransaction = <Tables, Result>(
  db: Kysely<Tables>,
  work: (trx: Kysely<Tables>) => Promise<Result>,
): Promise<Result> => (db.isTransaction ? work(db) : db.transaction().execute(work));
