import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type Answer, type TestPlatform, type World } from '../support/platform';
import { required } from '../lib-support/required';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let admin: Client;
const shop = createShop(() => platform);

beforeAll(async () => {
  admin = new Client({ connectionString: required('DATABASE_URL') });
  await admin.connect();
  world = await createWorld();
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
  await admin.end();
});

/** Sessions keep the setting that they began with: for all to have the new one they are ended. */
async function set(service: string, setting: 'set default_transaction_read_only = on' | 'reset all'): Promise<void> {
  const database = new URL(world.databases[service] ?? '').pathname.slice(1);
  await admin.query(`alter database ${database} ${setting}`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
}

const addUser = (): Promise<Answer> =>
  platform.call('POST', '/users', { email: `${randomUUID()}@example.com`, name: 'Ada' });
const readiness = (): Promise<Answer> => platform.call('GET', '/readyz');

test('while a database is read-only it serves reads and is degraded; afterwards writes and the relay go on', async () => {
  const sku = await shop.product(10);
  const userId = await shop.user();
  await set('users', 'set default_transaction_read_only = on');
  await eventually(async () => expect(await addUser()).toMatchObject({ status: 503, body: { code: 'unavailable' } }));
  expect(await platform.call('GET', `/users/${userId}`)).toMatchObject({ status: 200 });
  await eventually(async () =>
    expect(await readiness()).toMatchObject({
      status: 200,
      body: { degraded: expect.arrayContaining(['users database (read-only)']) },
    }),
  );
  // Only the setting: the read-only sessions are left by the platform itself.
  const database = new URL(world.databases['users'] ?? '').pathname.slice(1);
  await admin.query(`alter database ${database} reset all`);
  const added = await eventually(async () => {
    const answer = await addUser();
    expect(answer).toMatchObject({ status: 201 });
    return answer;
  });
  // A session that was opened read-only serves for up to a second, whatever the database says by then.
  await eventually(async () => {
    const more = await Promise.all(Array.from({ length: 20 }, addUser));
    expect(more.map(({ status }) => status)).toEqual(Array(20).fill(201));
  });
  // Orders know of a user what the relay of the users has published.
  const order = await shop.order({ userId: String(added.body['userId']), sku });
  expect(await shop.end(order)).toMatchObject({ status: 'confirmed' });
  await eventually(async () => expect(await readiness()).toMatchObject({ status: 200, body: { status: 'ready' } }));
  await eventually(async () => expect((await readiness()).body).not.toHaveProperty('degraded'));
}, 120_000);

/** Places an order, as a client does that repeats what was answered with 503. */
async function place(userId: string, sku: string): Promise<string> {
  const headers = { 'idempotency-key': randomUUID() };
  return eventually(async () => {
    const answer = await shop.place({ userId, sku }, headers);
    expect([202, 503]).toContain(answer.status);
    expect(answer.status).toBe(202);
    return String(answer.body['orderId']);
  }, 60_000);
}

test('orders placed while their database flips between read-only and writable are all confirmed, nothing is dead', async () => {
  const userId = await shop.user();
  const sku = await shop.product(20);
  await shop.end(await shop.order({ userId, sku }));
  let isFlipping = true;
  const flipping = (async () => {
    for (let flips = 0; flips < 4; flips += 1) {
      await set('orders', 'set default_transaction_read_only = on');
      await sleep(700);
      await set('orders', 'reset all');
      await sleep(700);
    }
    isFlipping = false;
  })();
  const placed: string[] = [];
  const customer = async (): Promise<void> => {
    while (isFlipping && placed.length < 15) placed.push(await place(userId, sku));
  };
  await Promise.all([flipping, customer(), customer(), customer()]);
  const ends = await Promise.all(placed.map(shop.end));
  expect(ends.map(({ status }) => status)).toEqual(placed.map(() => 'confirmed'));
  expect((await platform.call('GET', '/ops/dead-letters')).body['items']).toEqual([]);
  await eventually(async () => {
    const { body } = await platform.call('GET', '/ops/outbox');
    for (const log of body['items'] as { unpublished: number }[]) expect(log).toMatchObject({ unpublished: 0 });
  });
}, 180_000);
