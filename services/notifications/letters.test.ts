import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { letters } from './letters';
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
])('of what happened %d days ago the e-mail is %s', async (days, status) => {
  const orderId = uuidv7();
  await rememberOrder(db(), { orderId, userId: uuidv7(), total: { amount: 2500, currency: 'EUR' } });
  const time = new Date(Date.now() - days * dayMs);
  const event = { id: uuidv7(), type: 'order.shipped', time, stream: `order-${orderId}`, version: 3 };
  const rest = { source: '/orders', subject: orderId, dataVersion: 1, data: { orderId }, correlationId: 'c' };
  await letters.handlerOf('order.shipped')?.({ orderId }, db() as unknown as Kysely<unknown>, { ...event, ...rest });
  expect(await notificationsOfOrder(db(), orderId)).toMatchObject({ items: [{ kind: 'shipped', status }] });
});
