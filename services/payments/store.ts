import { sql, type Kysely } from 'kysely';
import { rowInsert } from '../../lib/db/row';
import type { Write } from '../../lib/db/together';
import { eventRows } from '../../lib/eventlog/append';
import { eventsInsert } from '../../lib/eventlog/store';
import { begin, evolve, type NewPayment, type Payment, type PaymentEvent } from './domain';
import type { PaymentRow, PaymentTables } from './tables';

type Db = Kysely<PaymentTables>;

/** What writes a new payment and its first event. */
export const paymentInsert = (payment: NewPayment, event: PaymentEvent, now: Date): Write[] => [
  append(payment.paymentId, 0, event, now),
  rowInsert('payments', rowOf(begin(payment, event))),
];

/** What writes a payment's next event and its row; it breaks when something else happened to the payment meanwhile. */
export function paymentUpdate(payment: Payment, event: PaymentEvent, now: Date): Write[] {
  const { status, captured, refunded, version } = evolve(payment, event);
  return [
    append(payment.paymentId, payment.version, event, now),
    sql`update payments set status = ${status}, captured = ${captured}, refunded = ${refunded}, version = ${version}
        where payment_id = ${payment.paymentId}`,
  ];
}

const append = (paymentId: string, expectedVersion: number, event: PaymentEvent, now: Date): Write =>
  eventsInsert(eventRows([{ stream: `payment-${paymentId}`, expectedVersion, events: [event] }], now));

export async function findPayment(db: Db, paymentId: string): Promise<Payment | undefined> {
  const row = await db.selectFrom('payments').selectAll().where('payment_id', '=', paymentId).executeTakeFirst();
  return row && paymentOf(row);
}

export async function paymentsOfOrder(db: Db, orderId: string): Promise<Payment[]> {
  const rows = await db.selectFrom('payments').selectAll().where('order_id', '=', orderId).execute();
  return rows.map(paymentOf);
}

const rowOf = (payment: Payment): PaymentRow => ({
  payment_id: payment.paymentId,
  order_id: payment.orderId,
  user_id: payment.userId,
  status: payment.status,
  amount: payment.amount.amount,
  currency: payment.amount.currency,
  captured: payment.captured,
  refunded: payment.refunded,
  version: payment.version,
  authorization_key: payment.authorizationKey,
});

const paymentOf = (row: PaymentRow): Payment => ({
  paymentId: row.payment_id,
  orderId: row.order_id,
  userId: row.user_id,
  status: row.status,
  amount: { amount: row.amount, currency: row.currency },
  captured: row.captured,
  refunded: row.refunded,
  version: row.version,
  authorizationKey: row.authorization_key,
});
