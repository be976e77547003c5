import type { Generated, Insertable, Kysely, Selectable } from 'kysely';
import { effectKey } from '../../../contracts/saga/order';

interface OperationTable {
  key: string;
  kind: 'authorization' | 'capture';
  authorization_key: string;
  /** Null in a tombstone: the operation was undone before it arrived. */
  token: string | null;
  amount: number;
  currency: string | null;
  outcome: 'pending' | 'approved' | 'refused' | 'undone';
  reason: string | null;
  flagged: boolean;
  /** How often the operation was requested. */
  calls: Generated<number>;
  time: Generated<Date>;
}

export interface GatewayTables {
  operations: OperationTable;
}

/** An authorisation or a capture at the gateway, and its outcome. */
export type Operation = Selectable<OperationTable>;

type Db = Kysely<GatewayTables>;

/** Records an operation, or counts another call when its key is known: the first call decides. */
export function recordCall(db: Db, operation: Insertable<OperationTable>): Promise<Operation> {
  return db
    .insertInto('operations')
    .values(operation)
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ calls: eb('operations.calls', '+', 1) })))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function findOperation(db: Db, key: string): Promise<Operation | undefined> {
  return db.selectFrom('operations').selectAll().where('key', '=', key).executeTakeFirst();
}

export async function approvePending(db: Db, key: string): Promise<void> {
  await db
    .updateTable('operations')
    .set({ outcome: 'approved' })
    .where('key', '=', key)
    .where('outcome', '=', 'pending')
    .execute();
}

/** Undoes an operation; a refused one stays refused, one that never arrived gets a tombstone. */
export async function undoOperation(db: Db, key: string, kind: Operation['kind']): Promise<void> {
  const tombstone = {
    key,
    kind,
    authorization_key: key,
    token: null,
    amount: 0,
    currency: null,
    outcome: 'undone' as const,
    reason: null,
    flagged: false,
  };
  await db
    .insertInto('operations')
    .values(tombstone)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({ outcome: 'undone' }).where('operations.outcome', '!=', 'refused'),
    )
    .execute();
}

/** The operations of an order, whose keys are its effect keys. */
export function operationsOfOrder(db: Db, orderId: string): Promise<Operation[]> {
  const keys = ['authorize', 'capture'].map((step) => effectKey(orderId, step));
  return db.selectFrom('operations').selectAll().where('key', 'in', keys).orderBy('time').execute();
}

/** The money that was captured and not refunded, and the money that is only authorised. */
export async function totals(db: Db): Promise<{ charged: number; held: number }> {
  const approved = await db.selectFrom('operations').selectAll().where('outcome', '=', 'approved').execute();
  const captures = approved.filter(({ kind }) => kind === 'capture');
  const captured = new Set(captures.map(({ authorization_key }) => authorization_key));
  const holds = approved.filter(({ kind, key }) => kind === 'authorization' && !captured.has(key));
  const sum = (operations: Operation[]): number => operations.reduce((total, { amount }) => total + amount, 0);
  return { charged: sum(captures), held: sum(holds) };
}
