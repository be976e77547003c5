import { sql, type Kysely, type Selectable } from 'kysely';
import type { Money } from '../../contracts/money';
import type { EmailKind, Notification, Outcome, Status } from './domain';
import type { NotificationRow, NotificationTables } from './tables';

export type Db = Kysely<NotificationTables>;

export async function rememberOrder(
  db: Db,
  { orderId, userId, total }: { orderId: string; userId: string; total: Money },
): Promise<void> {
  await db
    .insertInto('known_orders')
    .values({ order_id: orderId, user_id: userId, ...total })
    .onConflict((conflict) => conflict.column('order_id').doNothing())
    .execute();
}

export async function reduceOrder(db: Db, orderId: string, total: Money): Promise<void> {
  await db.updateTable('known_orders').set(total).where('order_id', '=', orderId).execute();
}

/** Requests an e-mail, once for each event. */
export async function insertNotification(
  db: Db,
  requested: Pick<
    Notification,
    'notificationId' | 'eventId' | 'orderId' | 'kind' | 'createdAt' | 'reason' | 'message' | 'status'
  >,
): Promise<void> {
  await db
    .insertInto('notifications')
    .values({
      notification_id: requested.notificationId,
      event_id: requested.eventId,
      order_id: requested.orderId,
      kind: requested.kind,
      reason: requested.reason ?? null,
      message: requested.message ?? null,
      status: requested.status,
      created_at: requested.createdAt,
      next_attempt_at: requested.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** A notification that this process has claimed, with everything needed to write it. */
export interface Claimed {
  notificationId: string;
  eventId: string;
  orderId: string;
  kind: EmailKind;
  reason: string | null;
  message: string | null;
  attempts: number;
  /** Identifies this claim among earlier and later ones. */
  claimedUntil: Date;
  /** Whether the customer is known; one without an address was erased. */
  isKnown: boolean;
  email: string | null;
  name: string | null;
  /** The order's total; null while the order is not known. */
  amount: number | null;
  currency: string | null;
}

/**
 * Claims what is due, and counts the attempt before it is made: a claim that expires was perhaps sent.
 */
export async function claimDue(db: Db, limit: number, now: Date, until: Date): Promise<Claimed[]> {
  // Raw SQL: one round trip, and processes that ask at once do not wait for each other.
  const { rows } = await sql<Claimed>`
    with due as (
      select notification_id from notifications
      where status = 'pending' and next_attempt_at <= ${now}
      order by next_attempt_at limit ${limit}
      for update skip locked
    ),
    claimed as (
      update notifications n set status = 'sending', attempts = attempts + 1, claimed_until = ${until}
      from due where n.notification_id = due.notification_id
      returning n.*
    )
    select c.notification_id as "notificationId", c.event_id as "eventId", c.order_id as "orderId", c.kind, c.reason, c.message,
      c.attempts, c.claimed_until as "claimedUntil", r.user_id is not null as "isKnown", r.email, r.name, o.amount, o.currency
    from claimed c
    left join known_orders o on o.order_id = c.order_id
    left join recipients r on r.user_id = o.user_id
    order by c.created_at`.execute(db);
  return rows;
}

/**
 * Records the outcome and ends the claim. Also of a claim that has expired meanwhile, as its outcome is known now; not
 * when another process has claimed the notification since.
 */
export async function recordOutcome(
  db: Db,
  { notificationId, claimedUntil }: Pick<Claimed, 'notificationId' | 'claimedUntil'>,
  { status, detail, nextAttemptAt, sentAt }: Outcome,
): Promise<void> {
  await db
    .updateTable('notifications')
    .set({
      status,
      detail: detail?.slice(0, 1_000) ?? null,
      claimed_until: null,
      ...(nextAttemptAt ? { next_attempt_at: nextAttemptAt } : {}),
      ...(sentAt ? { sent_at: sentAt } : {}),
    })
    .where('notification_id', '=', notificationId)
    .where('claimed_until', '=', claimedUntil)
    .where('status', 'in', ['sending', 'unknown'])
    .execute();
}

/** Makes e-mails with an expired claim `unknown`: they may have been sent. @returns how many. */
export async function expireClaims(db: Db, now: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('notifications')
    .set({ status: 'unknown', detail: 'The process that was sending it stopped, or exceeded its lease' })
    .where('status', '=', 'sending')
    .where('claimed_until', '<', now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Makes an e-mail that was not sent, or is `unknown`, pending again; false when there is none in such a state. */
export async function sendAgain(db: Db, notificationId: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notifications')
    .set({ status: 'pending', attempts: 0, detail: null, claimed_until: null, next_attempt_at: now })
    .where('notification_id', '=', notificationId)
    .where('status', 'in', ['unknown', 'bounced', 'failed', 'not-sendable', 'expired'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The e-mails about an order, oldest first, and whose order it is. */
export async function notificationsOfOrder(
  db: Db,
  orderId: string,
): Promise<{ userId: string; items: Notification[] } | undefined> {
  const order = await db.selectFrom('known_orders').selectAll().where('order_id', '=', orderId).executeTakeFirst();
  if (!order) return undefined;
  const rows = await db
    .selectFrom('notifications')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('created_at')
    .orderBy('notification_id')
    .execute();
  return { userId: order.user_id, items: rows.map(notificationOf) };
}

/** The order that an e-mail is about. */
export async function findOrderOfNotification(db: Db, id: string): Promise<string | undefined> {
  const found = await db
    .selectFrom('notifications')
    .select('order_id')
    .where('notification_id', '=', id)
    .executeTakeFirst();
  return found?.order_id;
}

/** The number of notifications in each state except `sent`. */
export async function countByStatus(db: Db): Promise<{ status: Status; count: number }[]> {
  const rows = await db
    .selectFrom('notifications')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('status', '<>', 'sent')
    .groupBy('status')
    .execute();
  return rows.map(({ status, count }) => ({ status, count }));
}

const notificationOf = (row: Selectable<NotificationRow>): Notification => ({
  notificationId: row.notification_id,
  eventId: row.event_id,
  orderId: row.order_id,
  kind: row.kind,
  status: row.status,
  attempts: row.attempts,
  createdAt: row.created_at,
  ...(row.reason === null ? {} : { reason: row.reason }),
  ...(row.message === null ? {} : { message: row.message }),
  ...(row.detail === null ? {} : { detail: row.detail }),
  ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
});
