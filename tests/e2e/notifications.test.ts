import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serviceNames } from '../../workers/roles';
import { sagaworks } from '../support/command';
import { eventually } from '../support/eventually';
import { startMailServer, type MailServer } from '../support/mail-server';
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

const orders = 150;
const together = 15;

/** The subjects of the e-mails to an address, without the order's number. */
const subjectsTo = (address: string): string[] =>
  server.taken
    .filter(({ to }) => to.includes(address))
    .map(({ raw }) => /^Subject: Your order \w+ (.*)$/m.exec(raw)?.[1] ?? raw);

test('orders end as always while notifications are down; afterwards everybody has exactly the right e-mails', async () => {
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
  await eventually(() => expect(server.taken.length).toBeGreaterThanOrEqual(orders), 60_000);
  for (const [orderId, email] of emails) {
    const expected = endings.get(orderId) === 'confirmed' ? 'is confirmed' : 'is cancelled';
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
  }, 30_000);
  expect(server.taken).toHaveLength(orders + 1);
  await notifications.stop();
}, 240_000);
