import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { startMailServer, type MailServer, type Reception } from '../../tests/support/mail-server';
import { backoffAfter, maxAddressLookups, type Notification } from './domain';
import { createMailer } from './mailer';
import { notificationMigrations } from './migrations';
import { orderEmails } from './order-emails';
import { createSmtp } from './smtp';
import {
  claimDue,
  expireClaims,
  insertNotification,
  notificationsOfOrder,
  rememberOrder,
  recordOutcome,
  sendAgain,
  type Claimed,
} from './store';
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
    queues: [orderEmails({ db: db(), from: 'orders@example.com', language: 'en' })],
    lanes: Array.from({ length: lanes }, () => createSmtp(() => ({ url }))),
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

/** An order of a customer, and a requested e-mail. */
async function asked({ email = 'ada@example.com', name = 'Ada' }: Customer = {}): Promise<string> {
  const [orderId, userId, eventId] = [uuidv7(), uuidv7(), uuidv7()];
  await rememberOrder(db(), { orderId, userId, total: { amount: 2500, currency: 'EUR' } });
  await db().insertInto('recipients').values({ user_id: userId, email, name }).execute();
  const notification = { notificationId: uuidv7(), eventId, orderId, kind: 'confirmed', status: 'pending' } as const;
  await insertNotification(db(), { ...notification, createdAt: new Date() });
  // An event requests one e-mail only.
  await insertNotification(db(), { ...notification, notificationId: uuidv7(), createdAt: new Date() });
  return orderId;
}

async function one(orderId: string): Promise<Notification> {
  const [item, ...more] = (await notificationsOfOrder(db(), orderId))?.items ?? [];
  expect(more).toEqual([]);
  if (!item) throw new Error(`Nothing was asked for order ${orderId}`);
  return item;
}
const becomes = (
  orderId: string,
  status: Notification['status'],
  also: (found: Notification) => boolean = () => true,
) =>
  eventually(async () => {
    const found = await one(orderId);
    expect(found).toMatchObject({ status });
    expect(also(found)).toBe(true);
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

test('an e-mail stays pending while the server is unavailable', async () => {
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

test.each([
  ['that sends everybody away', () => (server.isOpen = false), () => (server.isOpen = true), '554'],
  ['that wants another password', () => (server.password = 'new'), () => (server.password = 'old'), '535'],
  ['that refuses our sender', () => (server.knowsTheSender = false), () => (server.knowsTheSender = true), '553'],
])('a server %s has refused us, not the e-mail, which is sent once that is fixed', async (_, shut, fix, code) => {
  shut();
  const orderId = await asked();
  startMailer({ url: server.url.replace('//', '//shop:old@') });
  expect(await becomes(orderId, 'pending', ({ attempts }) => attempts > 0)).toMatchObject({
    detail: expect.stringContaining(code) as unknown,
  });
  fix();
  await becomes(orderId, 'sent');
  expect(server.taken).toHaveLength(1);
});

test('a refusal that repeats the address is kept without it', async () => {
  const orderId = await asked({ email: 'ada@example.com' });
  server.will('refuses-the-recipient');
  startMailer();
  const { detail } = await becomes(orderId, 'bounced');
  expect(detail).toContain('unknown user');
  expect(detail).not.toContain('ada@example.com');
});

test('when the database fails while an e-mail is under way, every e-mail reaches its own recipient, and none is unknown', async () => {
  await sql`create sequence failures`.execute(db());
  await sql`
    create function fail_once() returns trigger language plpgsql as $$ begin
      if new.status = 'sent' and nextval('failures') = 1 then raise 'going down' using errcode = '57P01'; end if;
      return new;
    end $$`.execute(db());
  await sql`create trigger fails_once before update on notifications for each row execute function fail_once()`.execute(
    db(),
  );
  server.will('takes-its-time', 'takes');
  const names = ['ada', 'bob', 'carol', 'dan'];
  const ask = (name: string) => asked({ name, email: `${name}@example.com` });
  const orders = [await ask('ada'), await ask('bob')];
  startMailer({ lanes: 2 });
  await eventually(() => expect(server.taken).toHaveLength(1));
  for (const name of ['carol', 'dan']) orders.push(await ask(name));
  await eventually(() => expect(server.taken).toHaveLength(names.length));
  for (const { to, raw } of server.taken) expect(raw).toMatch(new RegExp(`^To: .*<${to[0]}>`, 'm'));
  expect(server.taken.map(({ to }) => to[0]).sort()).toEqual(names.map((name) => `${name}@example.com`));
  for (const orderId of orders) await becomes(orderId, 'sent');
});

test('an e-mail whose claim expired is sent, and no longer unknown, when it gets through after all', async () => {
  const orderId = await asked();
  server.will('takes-its-time');
  startMailer({ lanes: 1, leaseMs: 1_000 });
  startMailer({ lanes: 1, leaseMs: 1_000 });
  await becomes(orderId, 'unknown');
  await becomes(orderId, 'sent');
  expect(server.taken).toHaveLength(1);
});

test('an expired claim cannot record an outcome over the claim of another process', async () => {
  const orderId = await asked();
  const claim = async (leaseMs: number): Promise<Claimed> => {
    const [claimed] = await claimDue(db(), 1, new Date(), new Date(Date.now() + leaseMs));
    if (!claimed) throw new Error('Nothing was due');
    return claimed;
  };
  const late = await claim(-1);
  expect(await expireClaims(db(), new Date())).toBe(1);
  expect(await sendAgain(db(), late.notificationId, new Date())).toBe(true);
  const current = await claim(60_000);
  await recordOutcome(db(), late, { status: 'pending', nextAttemptAt: new Date() });
  expect(await one(orderId)).toMatchObject({ status: 'sending' });
  await recordOutcome(db(), current, { status: 'sent', sentAt: new Date() });
  expect(await one(orderId)).toMatchObject({ status: 'sent' });
});

test('an e-mail whose sender died is unknown, and sent again only when an operator says so', async () => {
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

test('an erased user gets no e-mail', async () => {
  const orderId = await asked({ email: null, name: null });
  startMailer();
  expect(await becomes(orderId, 'not-sendable')).toMatchObject({ detail: 'The user was erased' });
});

test('an e-mail about an unknown order is not sendable, and never counts as sent', async () => {
  const notificationId = uuidv7();
  const asked = { eventId: uuidv7(), orderId: uuidv7(), kind: 'shipped', status: 'pending' } as const;
  await insertNotification(db(), { ...asked, notificationId, createdAt: new Date() });
  startMailer();
  await eventually(async () => {
    const rows = db().selectFrom('notifications').select(['status', 'detail']);
    expect(await rows.where('notification_id', '=', notificationId).executeTakeFirst()).toEqual({
      status: 'not-sendable',
      detail: 'The order is not known',
    });
  });
  expect(server.taken).toEqual([]);
});

test('a customer who becomes known ten hours after the order still gets the e-mail', () => {
  const delays = Array.from({ length: maxAddressLookups - 1 }, (_, index) => backoffAfter(index + 1));
  expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(10 * 3_600_000);
});

test('a crafted name adds no recipient and no header', async () => {
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
