import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';
import { eventually } from '../../tests/support/eventually';
import { startMailServer, type MailServer, type Reception } from '../../tests/support/mail-server';
import type { Notification } from './domain';
import { createMailer } from './mailer';
import { notificationMigrations } from './migrations';
import { createSmtp } from './smtp';
import { claimDue, insertNotification, notificationsOfOrder, rememberOrder, sendAgain } from './store';
import type { NotificationTables } from './tables';

let schema: TestDatabase<NotificationTables>;
let server: MailServer;
const mailers: ReturnType<typeof createMailer>[] = [];

beforeEach(async () => {
  schema = await createTestDatabase<NotificationTables>(notificationMigrations);
  server = await startMailServer();
});
afterEach(async () => {
  await Promise.all(mailers.splice(0).map((mailer) => mailer.stop()));
  await server.close();
  await schema.drop();
});

const db = () => schema.database.kysely;

function startMailer(changed: { url?: string; lanes?: number; leaseMs?: number } = {}): void {
  const { url = server.url, lanes = 3, leaseMs = 60_000 } = changed;
  const mailer = createMailer({
    db: db(),
    lanes: Array.from({ length: lanes }, () => createSmtp(url)),
    from: 'orders@example.com',
    language: 'en',
    perSecond: 1_000,
    leaseMs,
    clock: () => new Date(),
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: createMetrics(),
  });
  mailer.start();
  mailers.push(mailer);
}

interface Customer {
  email?: string | null;
  name?: string | null;
}

/** An order of a customer, and an e-mail that is asked for. */
async function asked({ email = 'ada@example.com', name = 'Ada' }: Customer = {}): Promise<string> {
  const [orderId, userId, eventId] = [uuidv7(), uuidv7(), uuidv7()];
  await rememberOrder(db(), { orderId, userId, total: { amount: 2500, currency: 'EUR' } });
  await db().insertInto('recipients').values({ user_id: userId, email, name }).execute();
  const notification = { notificationId: uuidv7(), eventId, orderId, kind: 'confirmed', status: 'pending' } as const;
  await insertNotification(db(), { ...notification, createdAt: new Date() });
  // The same event asks once.
  await insertNotification(db(), { ...notification, notificationId: uuidv7(), createdAt: new Date() });
  return orderId;
}

async function one(orderId: string): Promise<Notification> {
  const [item, ...more] = (await notificationsOfOrder(db(), orderId))?.items ?? [];
  expect(more).toEqual([]);
  if (!item) throw new Error(`Nothing was asked for order ${orderId}`);
  return item;
}
const becomes = (orderId: string, status: Notification['status']) =>
  eventually(async () => {
    const found = await one(orderId);
    expect(found).toMatchObject({ status });
    return found;
  });

test('an e-mail is sent once, to the customer, with an id that belongs to the event', async () => {
  const orderId = await asked();
  startMailer();
  startMailer();
  const { eventId } = await becomes(orderId, 'sent');
  expect(server.taken).toHaveLength(1);
  expect(server.taken[0]).toMatchObject({ to: ['ada@example.com'] });
  expect(server.taken[0]?.raw).toContain(`Message-ID: <${eventId}@sagaworks.invalid>`);
  expect(server.taken[0]?.raw).toMatch(/Content-Type: text\/plain[\s\S]*Content-Type: text\/html/);
});

test.each<[string, [Reception, ...Reception[]], Notification['status'], number]>([
  ['refuses twice for now', ['refuses-for-now', 'refuses-for-now', 'takes'], 'sent', 1],
  ['hangs up before the message', ['hangs-up-before', 'takes'], 'sent', 1],
  ['refuses the message for good', ['refuses-for-good'], 'bounced', 0],
  ['refuses the recipient for good', ['refuses-the-recipient'], 'bounced', 0],
  ['takes it, and the answer is lost', ['takes-and-hangs-up', 'takes'], 'unknown', 1],
])('when the server %s, nothing is lost and nothing doubled', async (_, plan, status, taken) => {
  const orderId = await asked();
  server.will(...plan);
  startMailer({ lanes: 1 });
  await becomes(orderId, status);
  const next = await asked();
  server.will('takes');
  await becomes(next, 'sent');
  expect(await one(orderId)).toMatchObject({ status });
  expect(server.taken).toHaveLength(taken + 1);
});

test('a server that is away is waited for', async () => {
  const { url } = server;
  await server.close();
  const orderId = await asked();
  startMailer({ url });
  expect(
    await eventually(async () => {
      const waiting = await one(orderId);
      expect(waiting.attempts).toBeGreaterThan(0);
      expect(waiting.detail).toContain('ECONNREFUSED');
      return waiting.status;
    }),
  ).toBe('pending');
  server = await startMailServer();
});

test('what a process had in its hands when it died is unknown, and sent again only when an operator says so', async () => {
  const orderId = await asked();
  const soon = new Date(Date.now() + 300);
  expect(await claimDue(db(), 10, new Date(), soon)).toHaveLength(1);
  startMailer();
  const { notificationId } = await becomes(orderId, 'unknown');
  expect(server.taken).toEqual([]);
  expect(await sendAgain(db(), notificationId, new Date())).toBe(true);
  await becomes(orderId, 'sent');
  expect(await sendAgain(db(), notificationId, new Date())).toBe(false);
});

test('somebody who was erased is not written to', async () => {
  const orderId = await asked({ email: null, name: null });
  startMailer();
  expect(await becomes(orderId, 'not-sendable')).toMatchObject({ detail: 'The user was erased' });
});

test('a name that is made for it adds no recipient and no header', async () => {
  const orderId = await asked({ name: 'Ada\r\nBcc: all@example.com', email: 'ada@example.com' });
  startMailer();
  await becomes(orderId, 'sent');
  expect(server.taken[0]?.to).toEqual(['ada@example.com']);
  expect(server.taken[0]?.raw).not.toMatch(/^Bcc:/m);
});

test('a hundred e-mails from two processes are a hundred e-mails', async () => {
  const orders = await Promise.all(
    Array.from({ length: 100 }, (_, index) => asked({ email: `u${index}@example.com` })),
  );
  startMailer();
  startMailer();
  for (const orderId of orders) await becomes(orderId, 'sent');
  expect(new Set(server.taken.map(({ to }) => to[0])).size).toBe(100);
  expect(server.taken).toHaveLength(100);
});
