import { z } from 'zod';
import { anyCaseId, id } from '../../lib/ids/ids';

/** `GET /notifications?orderId=` */
export const notificationListQuery = z.strictObject({ orderId: anyCaseId });

const notification = z.strictObject({
  notificationId: id,
  eventId: id,
  orderId: id,
  kind: z.enum(['confirmed', 'cancelled', 'shipped', 'delivered', 'review', 'cancellation_declined']),
  status: z.enum(['pending', 'sending', 'sent', 'bounced', 'unknown', 'not-sendable', 'failed', 'expired']),
  attempts: z.int(),
  reason: z.string().optional(),
  /** What a person added for the customer. */
  message: z.string().optional(),
  /** Why it is not sent, in the words of the mail server; for operators only. */
  detail: z.string().optional(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().optional(),
});

/** The e-mails about an order, oldest first, without the address, which is not stored. */
export const notificationListResponse = z.strictObject({ items: z.array(notification) });

/** `POST /notifications/:id/send` */
export const notificationSent = z.strictObject({ notificationId: id, status: z.literal('pending') });
