import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { serviceNames } from '../../workers/modules/roles';
import { reportParcel } from '../support/carrier';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { startMailServer, type MailServer, type Reception } from '../support/mail-server';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let server: MailServer;
let world: World;
/** Everything but notifications. */
let platform: TestPlatform;
const shop = createShop(() => platform);
const others = [...serviceNames.filter((name) => name !== 'notifications'), 'bridge', 'saga'];

beforeAll(async () => {
  server = await startMailServer();
  world = await createWorld({ SMTP_URL: server.url });
  platform = await startTestPlatform(world, others);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await server.close();
  await world.drop();
});

/** `ORDERS=5000 npm test -- tests/e2e/notifications` takes many minutes. */
const orders = Number(process.env['ORDERS'] ?? 150);
const together = 15;
/** E-mails a second; few: the platform's default is 100. */
const timeoutMs = 60_000 + orders * 100;

/** The subjects of the e-mails to an address, without the order's number. */
const subjectsTo = (address: string): string[] =>
  server.taken
    .filter(({ to }) => to.includes(address))
    .map(({ raw }) => /^Subject: Your order \w+ (.*)$/m.exec(raw)?.[1] ?? raw);

test(
  'orders end as always while notifications are down; afterwards each user has exactly the right e-mails',
  async () => {
    const sku = await shop.product(orders);
    const emails = new Map<string, string>();
    const endings = new Map<string, unknown>();
    const place = async (index: number): Promise<void> => {
      const email = `customer-${index}@example.com`;
      const { body } = await platform.call('POST', '/users', { email, name: `Customer <b>${index}</b>` });
      const token = index % 3 === 0 ? 'tok_declined' : 'tok_ok';
      const orderId = await shop.order({ userId: String(body['userId']), sku, token });
      emails.set(orderId, email);
      endings.set(orderId, (await shop.end(orderId))['status']);
    };
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let index = next++; index < orders; index = next++) await place(index);
    };
    await Promise.all(Array.from({ length: together }, lane));
    expect(new Set(endings.values())).toEqual(new Set(['confirmed', 'cancelled']));
    expect(server.taken).toEqual([]);

    const notifications = await startTestPlatform(world, ['notifications']);
    await eventually(() => expect(server.taken.length).toBeGreaterThanOrEqual(orders), timeoutMs);
    for (const [orderId, email] of emails) {
      const expected = endings.get(orderId) === 'confirmed' ? 'is confirmed' : 'has been cancelled';
      expect({ orderId, subjects: subjectsTo(email) }).toEqual({ orderId, subjects: [expected] });
    }

    const [orderId = ''] = emails.keys();
    const listed = await notifications.call('GET', `/notifications?orderId=${orderId}`);
    expect(listed).toMatchObject({ status: 200, body: { items: [{ orderId, status: 'sent', attempts: 1 }] } });
    expect(JSON.stringify(listed.body)).not.toContain('@');
    const stranger = await notifications.token(orderId, 'customer');
    expect(
      await notifications.call('GET', `/notifications?orderId=${orderId}`, undefined, { token: stranger }),
    ).toMatchObject({
      status: 200,
      body: { items: [] },
    });
    for (const bad of ['', '?orderId=7', '?order=7']) {
      expect(await notifications.call('GET', `/notifications${bad}`)).toMatchObject({ status: 400 });
    }

    // Told everything once more, it writes nothing once more.
    const replayed = await sagaworks(platform, ['outbox', 'replay', 'orders', '--from', '0']);
    expect(replayed).toMatchObject({ code: 0 });
    const last = await shop.order({ userId: await shop.user(), sku });
    await eventually(async () => {
      const { body } = await notifications.call('GET', `/notifications?orderId=${last}`);
      expect(body).toMatchObject({ items: [{ kind: 'confirmed', status: 'sent' }] });
    }, timeoutMs);
    expect(server.taken).toHaveLength(orders + 1);
    await notifications.stop();
  },
  240_000 + orders * 1_000,
);

test('whatever the mail server does, orders end as always; nothing is lost and nothing doubled', async () => {
  const sku = await shop.product(100);
  const notifications = await startTestPlatform(world, ['notifications']);
  const before = server.taken.length;
  const placed: { orderId: string; email: string; reception: Reception }[] = [];
  const buy = async (reception: Reception): Promise<void> => {
    const email = `${reception}-${placed.length}@example.com`;
    const { body } = await platform.call('POST', '/users', { email, name: 'Ada' });
    const orderId = await shop.order({ userId: String(body['userId']), sku });
    expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
    placed.push({ orderId, email, reception });
  };
  try {
    server.isOpen = false;
    await buy('takes');
    server.isOpen = true;
    for (const reception of [
      'takes-its-time',
      'refuses-for-now',
      'refuses-for-good',
      'refuses-the-recipient',
      'hangs-up-before',
      'takes-and-hangs-up',
    ] as const) {
      server.will(reception, 'takes');
      await buy(reception);
    }
    await eventually(async () => {
      for (const { orderId, reception } of placed) {
        const { body } = await notifications.call('GET', `/notifications?orderId=${orderId}`);
        const [mail] = body['items'] as { status: string }[];
        expect(['sent', 'bounced', 'unknown']).toContain(mail?.status);
        expect({ reception, mail }).toMatchObject({ mail: { kind: 'confirmed' } });
      }
    }, 90_000);
    const taken = new Map<string, number>();
    for (const { to } of server.taken.slice(before)) for (const one of to) taken.set(one, (taken.get(one) ?? 0) + 1);
    for (const { orderId, email } of placed) {
      const { body } = await notifications.call('GET', `/notifications?orderId=${orderId}`);
      const [mail] = body['items'] as { status: string }[];
      // Of an unknown one the server may have it; twice has it none.
      const most = mail?.status === 'bounced' ? 0 : 1;
      const least = mail?.status === 'sent' ? 1 : 0;
      const count = taken.get(email) ?? 0;
      expect({ email, status: mail?.status, fits: count >= least && count <= most }).toMatchObject({ fits: true });
    }
  } finally {
    await notifications.stop();
  }
}, 240_000);

test('a customer is written to when the order waits for a review, is confirmed, shipped and delivered', async () => {
  const sku = await shop.product(5);
  const notifications = await startTestPlatform(world, ['notifications']);
  try {
    const orderId = await shop.order({ userId: await shop.user(), sku, token: 'tok_review' });
    await eventually(async () => {
      expect((await platform.call('GET', `/orders/${orderId}`)).body).toMatchObject({ status: 'in_review' });
    }, 60_000);
    await platform.call('POST', `/orders/${orderId}/review`, { decision: 'approve' });
    await shop.end(orderId);
    await reportParcel(platform, world, orderId, 'dispatched');
    await reportParcel(platform, world, orderId, 'delivered');
    await eventually(async () => {
      const { body } = await notifications.call('GET', `/notifications?orderId=${orderId}`);
      const mails = (body['items'] as { kind: string; status: string }[]).map(({ kind, status }) => [kind, status]);
      expect(mails).toEqual(['review', 'confirmed', 'shipped', 'delivered'].map((kind) => [kind, 'sent']));
    }, 60_000);
  } finally {
    await notifications.stop();
  }
}, 240_000);

test('a new address is confirmed by a link in an e-mail to it; of a registered one its owner hears, and nobody else', async () => {
  const notifications = await startTestPlatform(world, ['notifications']);
  try {
    const [ada, bob] = await Promise.all(
      [1, 2].map(async () => {
        const email = `${randomUUID()}@example.com`;
        const { body } = await platform.call('POST', '/users', { email, name: 'Click https://evil.example' });
        const userId = String(body['userId']);
        return { email, userId, token: await platform.token(userId, 'customer') };
      }),
    );
    if (!ada || !bob) throw new Error('There are two');
    const wanted = `${randomUUID()}@example.com`;
    const ask = ({ userId, token }: typeof ada, email: string) =>
      platform.call('PATCH', `/users/${userId}`, { email }, { token });
    expect(await ask(ada, wanted)).toMatchObject({ status: 202, body: { email: ada.email } });
    expect(await ask(bob, ada.email)).toMatchObject({ status: 202, body: { email: bob.email } });

    const mailTo = (address: string) =>
      eventually(() => {
        const mail = server.taken.find(({ to }) => to.includes(address));
        if (!mail) throw new Error(`Nothing was sent to ${address}`);
        return mail.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
      }, 60_000);
    const warning = await mailTo(ada.email);
    expect(warning).toContain('Subject: Someone tried to use your e-mail address');
    const confirmation = await mailTo(wanted);
    expect(confirmation).toContain('Subject: Confirm your new e-mail address');
    for (const raw of [warning, confirmation]) expect(raw).not.toContain('evil.example');
    const [, token = ''] = /https:\/\/shop\.example\/confirm\?emailToken=([\w-]+)/.exec(confirmation) ?? [];
    const confirm = () => fetch(`${platform.url}/email-changes?emailToken=${token}`, { method: 'POST' });
    expect((await confirm()).status).toBe(200);
    expect((await confirm()).status).toBe(401);
    expect((await platform.call('GET', `/users/${ada.userId}`)).body).toMatchObject({ email: wanted });
    // Neither the addresses nor the token are kept where they are not needed any more.
    await eventually(async () => {
      const kept = await contentsOf('notifications', 'account_emails');
      expect(kept.map(({ status, details }) => [status, details])).toEqual([
        ['sent', null],
        ['sent', null],
      ]);
    });
    expect(JSON.stringify(await contentsOf('users', 'events'))).not.toContain(token);
  } finally {
    await notifications.stop();
  }
}, 240_000);

async function contentsOf(service: string, table: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: world.databases[service] });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(`select * from ${table}`)).rows;
  } finally {
    await client.end();
  }
}
