import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { notificationListQuery, notificationListResponse, notificationSent } from '../../contracts/http/notifications';
import { anyCaseId } from '../../lib/ids/ids';
import { platformError } from '../../lib/errors/errors';
import { actor, mayActFor, reachesAll } from '../../lib/http/auth';
import { createRoutes, jsonAnswer, problems } from '../../lib/http/routes';
import { audited } from '../../lib/operations/audit';
import type { Notification } from './domain';
import { notificationsOfOrder, sendAgain, type Db } from './store';

const listNotifications = createRoute({
  operationId: 'listNotifications',
  method: 'get',
  path: '/notifications',
  tags: ['notifications'],
  summary: 'List the e-mails about an order',
  description: 'A customer sees those of their own orders; for any other order the list is empty.',
  ...requires('notifications:read'),
  request: { query: notificationListQuery },
  responses: { 200: jsonAnswer(notificationListResponse, 'The e-mails'), ...problems(400, 401, 403) },
});

const sendNotification = createRoute({
  operationId: 'sendNotification',
  method: 'post',
  path: '/notifications/{notificationId}/send',
  tags: ['notifications'],
  summary: 'Send again an e-mail that was not delivered, or whose outcome is unknown',
  ...requires('notifications:send'),
  request: { params: z.strictObject({ notificationId: anyCaseId }) },
  responses: { 202: jsonAnswer(notificationSent, 'It is pending again'), ...problems(400, 401, 403, 404) },
});

/** The HTTP routes of the notification service. */
export function createNotificationRoutes(db: Db, clock: () => Date) {
  const routes = createRoutes();

  routes.openapi(listNotifications, async (c) => {
    const found = await notificationsOfOrder(db, c.req.valid('query').orderId);
    const who = actor(c);
    const visible = found && mayActFor(who, found.userId) ? found.items : [];
    return c.json({ items: visible.map(reachesAll(who) ? toResponse : forCustomer) }, 200);
  });

  routes.openapi(sendNotification, async (c) => {
    const { notificationId } = c.req.valid('param');
    await audited(db, 'notification send', notificationId, {}, async () => {
      if (!(await sendAgain(db, notificationId, clock())))
        throw platformError(
          'not-found',
          `E-mail ${notificationId} does not exist, or is pending, being sent or sent already`,
        );
    });
    return c.json({ notificationId, status: 'pending' as const }, 202);
  });

  return routes;
}

/** What a mail server has said is nothing for customers: it may name hosts and other addresses. */
const forCustomer = ({ detail: _, ...notification }: Notification) => toResponse(notification);

const toResponse = ({ createdAt, sentAt, ...notification }: Notification) => ({
  ...notification,
  createdAt: createdAt.toISOString(),
  ...(sentAt ? { sentAt: sentAt.toISOString() } : {}),
});
