import { sql, type Kysely, type Selectable } from 'kysely';
import type { Money } from '../../contracts/money';
import type { LetterKind, Notification, Status } from './domain';
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

/** Asks for an e-mail; once for each event. */
export async function insertNotification(
  db: Db,
  asked: Pick<Notification, 'notificationId' | 'eventId' | 'orderId' | 'kind' | 'createdAt' | 'reason' | 'status'>,
): Promise<void> {
  await db
    .insertInto('notifications')
    .values({
      notification_id: asked.notificationId,
      event_id: asked.eventId,
      order_id: asked.orderId,
      kind: asked.kind,
      reason: asked.reason ?? null,
      status: asked.status,
      created_at: asked.createdAt,
      next_attempt_at: asked.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** A notification in our hands, with all that is needed to write it. */
export interface Claimed {
  notificationId: string;
  eventId: string;
  orderId: string;
  kind: LetterKind;
  reason: string | null;
  attempts: number;
  /** Tells this claim from an earlier or a later one. */
  claimedUntil: Date;
  /** Whether the customer has been heard of; one without address was erased. */
  isKnown: boolean;
  email: string | null;
  name: string | null;
  /** What the order comes to; of one that was never heard of, nothing is known. */
  amount: number | null;
  currency: string | null;
}

/**
 * Takes what is due into our hands, and counts the attempt before it is made: whoever finds it in dead hands later knows
 * that it may have been sent.
 */
export async function claimDue(db: Db, most: number, now: Date, until: Date): Promise<Claimed[]> {
  // Raw SQL: one round trip, and processes that ask at once do not wait for each other.
  const { rows } = await sql<Claimed>`
    with due as (
      select notification_id from notifications
      where status = 'pending' and next_attempt_at <= ${now}
      order by next_attempt_at limit ${most}
      for update skip locked
    ),
    claimed as (
      update notifications n set status = 'sending', attempts = attempts + 1, claimed_until = ${until}
      from due where n.notification_id = due.notification_id
      returning n.*
    )
    select c.notification_id as "notificationId", c.event_id as "eventId", c.order_id as "orderId", c.kind, c.reason,
      c.attempts, c.claimed_until as "claimedUntil", r.user_id is not null as "isKnown", r.email, r.name, o.amount, o.currency
    from claimed c
    left join known_orders o on o.order_id = c.order_id
    left join recipients r on r.user_id = o.user_id
    order by c.created_at`.execute(db);
  return rows;
}

/** What became of a notification that was in our hands. */
export interface Settlement {
  status: Status;
  detail?: string;
  nextAttemptAt?: Date;
  sentAt?: Date;
}

/**
 * Puts a claimed notification down again. Also one that was given up meanwhile, as now it is known what became of it; not
 * one that somebody else has claimed since.
 */
export async function settle(
  db: Db,
  { notificationId, claimedUntil }: Pick<Claimed, 'notificationId' | 'claimedUntil'>,
  after: Settlement,
): Promise<void> {
  await db
    .updateTable('notifications')
    .set({
      status: after.status,
      detail: after.detail?.slice(0, 1_000) ?? null,
      claimed_until: null,
      ...(after.nextAttemptAt ? { next_attempt_at: after.nextAttemptAt } : {}),
      ...(after.sentAt ? { sent_at: after.sentAt } : {}),
    })
    .where('notification_id', '=', notificationId)
    .where('claimed_until', '=', claimedUntil)
    .where('status', 'in', ['sending', 'unknown'])
    .execute();
}

/** What is in hands that let go of it: it may have been sent or not. Gives back how many. */
export async function giveUpClaims(db: Db, now: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('notifications')
    .set({ status: 'unknown', detail: 'The process that sent it ended in the middle, or takes very long' })
    .where('status', '=', 'sending')
    .where('claimed_until', '<', now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Has one sent that did not get through, or of which nobody knows; false when there is none like that. */
export async function sendAgain(db: Db, notificationId: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notifications')
    .set({ status: 'pending', attempts: 0, detail: null, claimed_until: null, next_attempt_at: now })
    .where('notification_id', '=', notificationId)
    .where('status', 'in', ['unknown', 'bounced', 'failed', 'not-sendable', 'expired'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What was sent about an order, oldest first, and whose order it is. */
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

/** How many notifications there are in each state that somebody may have to look at. */
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
  ...(row.detail === null ? {} : { detail: row.detail }),
  ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
});
