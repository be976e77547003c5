import { sql, type Kysely } from 'kysely';
import { createHandler, type Change } from '../../lib/aggregate/handle';
import { unlocked, type StoredState } from '../../lib/aggregate/loading';
import { rowInsert, type Write } from '../../lib/db/writes';
import { payment, type Payment, type PaymentCommand } from './domain';
import type { PaymentRow, PaymentTables } from './tables';

type Db = Kysely<PaymentTables>;

/** A payment with what its events do not say: its user, and the key of its authorisation. */
export type ListedPayment = Payment & { userId: string; authorizationKey: string };

/**
 * Nothing is locked: the call to the gateway between the read and the write may take long. A command that another one
 * overtook is refused and its step retried; by its effect key it finds the outcome.
 */
export const payments = createHandler(payment, {
  loading: unlocked(findPayments),
  rows: (changes) => changes.flatMap(rowWrite),
});

async function findPayments(db: Db, ids: readonly string[]): Promise<StoredState<Payment>[]> {
  const rows = await db.selectFrom('payments').selectAll().where('payment_id', 'in', ids).execute();
  return rows.map(storedPayment);
}

/** A payment as a command needs it, and the key of its authorisation. */
export async function findPayment(
  db: Db,
  paymentId: string,
): Promise<(StoredState<Payment> & { authorizationKey: string }) | undefined> {
  const row = await db.selectFrom('payments').selectAll().where('payment_id', '=', paymentId).executeTakeFirst();
  return row && { ...storedPayment(row), authorizationKey: row.authorization_key };
}

function rowWrite({ command, after }: Change<PaymentCommand, Payment, unknown>): Write[] {
  if (!after.state) return [];
  const { paymentId, orderId, status, amount, captured, refunded } = after.state;
  const { version } = after;
  if (command.type !== 'authorize')
    return [
      sql`update payments set status = ${status}, captured = ${captured}, refunded = ${refunded}, version = ${version}
          where payment_id = ${paymentId}`,
    ];
  const row: PaymentRow = {
    payment_id: paymentId,
    order_id: orderId,
    user_id: command.payment.userId,
    status,
    amount: amount.amount,
    currency: amount.currency,
    captured,
    refunded,
    version,
    authorization_key: command.payment.authorizationKey,
  };
  return [rowInsert('payments', row)];
}

export async function paymentsOfOrder(db: Db, orderId: string): Promise<ListedPayment[]> {
  const rows = await db.selectFrom('payments').selectAll().where('order_id', '=', orderId).execute();
  return rows.map((row) => ({ ...paymentOf(row), userId: row.user_id, authorizationKey: row.authorization_key }));
}

const storedPayment = (row: PaymentRow): StoredState<Payment> => ({
  id: row.payment_id,
  state: paymentOf(row),
  version: row.version,
});

const paymentOf = (row: PaymentRow): Payment => ({
  paymentId: row.payment_id,
  orderId: row.order_id,
  status: row.status,
  amount: { amount: row.amount, currency: row.currency },
  captured: row.captured,
  refunded: row.refunded,
});
