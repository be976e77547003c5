import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { emails } from './emails';
import { notificationMigrations } from './migrations';
import { notificationsOfOrder, rememberOrder } from './store';
import type { NotificationTables } from './tables';

let schema: TestDatabase<NotificationTables>;
beforeAll(async () => {
  schema = await createTestDatabase<NotificationTables>(notificationMigrations);
});
afterAll(() => schema.drop());
const db = () => schema.database.kysely;

const dayMs = 86_400_000;

test.each([
  [0, 'pending'],
  [2.9, 'pending'],
  [3.1, 'expired'],
])('the e-mail about an event of %d days ago is %s', async (days, status) => {
  const orderId = uuidv7();
  await rememberOrder(db(), { orderId, userId: uuidv7(), total: { amount: 2500, currency: 'EUR' } });
  const time = new Date(Date.now() - days * dayMs);
  const event = { id: uuidv7(), type: 'order.shipped', time, stream: `order-${orderId}`, version: 3 };
  const rest = { source: '/orders', subject: orderId, dataVersion: 1, data: { orderId }, correlationId: 'c' };
  await emails.handlerOf('order.shipped')?.({ orderId }, db() as unknown as Kysely<unknown>, { ...event, ...rest });
  expect(await notificationsOfOrder(db(), orderId)).toMatchObject({ items: [{ kind: 'shipped', status }] });
});
