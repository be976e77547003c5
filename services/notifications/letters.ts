import { exchanges } from '../../contracts/events';
import type { Envelope } from '../../lib/events/envelope';
import { derivedId } from '../../lib/ids/derived-id';
import { ordered } from '../../lib/inbox/subscription/ordered';
import type { LetterKind } from './domain';
import { insertNotification, reduceOrder, rememberOrder, type Db } from './store';
import type { NotificationTables } from './tables';

/** What happened longer ago than that is no news: it is recorded, and nobody is written to. */
const oldNewsMs = 3 * 86_400_000;

const ask = (db: Db, { id, time }: Envelope, kind: LetterKind, about: { orderId: string; reason?: string }) =>
  insertNotification(db, {
    notificationId: derivedId(id, 'notification'),
    eventId: id,
    kind,
    createdAt: time,
    status: Date.now() - time.getTime() > oldNewsMs ? 'expired' : 'pending',
    ...about,
  });

/** What orders make us write: asked for here, in the transaction that marks the event, and sent by the mailer. */
export const letters = ordered<NotificationTables>()({
  name: 'letters',
  version: 1,
  from: exchanges.orders,
  on: {
    'order.created': ({ orderId, userId, total }, db) => rememberOrder(db, { orderId, userId, total }),
    'order.reduced': ({ orderId, total }, db) => reduceOrder(db, orderId, total),
    'order.review_requested': ({ orderId }, db, event) => ask(db, event, 'review', { orderId }),
    'order.confirmed': ({ orderId }, db, event) => ask(db, event, 'confirmed', { orderId }),
    'order.cancellation_declined': ({ orderId }, db, event) => ask(db, event, 'cancellation_declined', { orderId }),
    'order.cancelled': ({ orderId, reason }, db, event) => ask(db, event, 'cancelled', { orderId, reason }),
    'order.shipped': ({ orderId }, db, event) => ask(db, event, 'shipped', { orderId }),
    'order.delivered': ({ orderId }, db, event) => ask(db, event, 'delivered', { orderId }),
  },
});
