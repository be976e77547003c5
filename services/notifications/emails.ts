import { exchanges } from '../../contracts/events';
import type { Envelope } from '../../lib/events/envelope';
import { derivedId } from '../../lib/ids/ids';
import { ordered } from '../../lib/inbox/subscription/subscription';
import type { EmailKind, Notification } from './domain';
import { insertNotification, reduceOrder, rememberOrder, type Db } from './store';
import type { NotificationTables } from './tables';

/** An event older than this is recorded, but no e-mail is sent: it would be old news. */
const maxAgeMs = 3 * 86_400_000;

const request = (
  db: Db,
  { id, time }: Envelope,
  kind: EmailKind,
  about: Pick<Notification, 'orderId' | 'reason' | 'message'>,
) =>
  insertNotification(db, {
    notificationId: derivedId(id, 'notification'),
    eventId: id,
    kind,
    createdAt: time,
    status: Date.now() - time.getTime() > maxAgeMs ? 'expired' : 'pending',
    ...about,
  });

/**
 * Which events lead to an e-mail: it is requested here, in the transaction that marks the event, and sent by the mailer.
 * The subscription's name is part of a queue's name, so it stays `letters`.
 */
export const emails = ordered<NotificationTables>()({
  name: 'letters',
  version: 1,
  from: exchanges.orders,
  on: {
    'order.created': ({ orderId, userId, total }, db) => rememberOrder(db, { orderId, userId, total }),
    'order.reduced': ({ orderId, total }, db) => reduceOrder(db, orderId, total),
    'order.review_requested': ({ orderId }, db, event) => request(db, event, 'review', { orderId }),
    'order.confirmed': ({ orderId }, db, event) => request(db, event, 'confirmed', { orderId }),
    'order.cancellation_declined': ({ orderId }, db, event) => request(db, event, 'cancellation_declined', { orderId }),
    'order.cancelled': ({ orderId, reason, message }, db, event) =>
      request(db, event, 'cancelled', { orderId, reason, message }),
    'order.shipped': ({ orderId }, db, event) => request(db, event, 'shipped', { orderId }),
    'order.delivered': ({ orderId }, db, event) => request(db, event, 'delivered', { orderId }),
  },
});
