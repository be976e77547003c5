import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { required } from '../lib-support/required';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let line: Proxy;
/** All roles. */
let platform: TestPlatform;
/** A second API, whose line to the broker can be cut. */
let second: TestPlatform;
const shop = createShop(() => platform);
const here = (): TestPlatform => platform;
const there = (): TestPlatform => second;

beforeAll(async () => {
  const { hostname, port } = new URL(required('RABBITMQ_URL'));
  line = await startProxy({ host: hostname, port: Number(port) });
  world = await createWorld();
  platform = await startTestPlatform(world);
  const url = new URL(world.env['RABBITMQ_URL'] ?? '');
  url.host = `127.0.0.1:${line.port}`;
  second = await startTestPlatform({ env: { ...world.env, RABBITMQ_URL: url.href } }, ['api']);
}, 120_000);
afterAll(async () => {
  await Promise.all([here().stop(), there().stop()]);
  await line.close();
  await world.drop();
});

/** A user with a token, and an order of theirs. */
async function customer() {
  const userId = await shop.user();
  const orderId = await shop.order({ userId, sku: await shop.product(5) });
  return { userId, orderId, token: await here().token(userId, 'customer') };
}

const statusOf = async (at: TestPlatform, method: string, path: string, token: string): Promise<number> =>
  (await at.call(method, path, method === 'POST' ? {} : undefined, { token })).status;
const isAccepted = (at: TestPlatform, { orderId, token }: { orderId: string; token: string }) =>
  statusOf(at, 'GET', `/orders/${orderId}`, token).then((status) => status === 200);
const refusedBy = (at: TestPlatform, who: { orderId: string; token: string }): Promise<void> =>
  eventually(async () => expect(await isAccepted(at, who)).toBe(false));
const openStream = async (at: TestPlatform, path: string, token: string): Promise<Response> => {
  const response = await fetch(at.url + path, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  return response;
};
const operate = async (path: string): Promise<void> => {
  expect(await here().call('POST', `/ops/${path}`, { reason: 'a test' })).toMatchObject({ status: 200 });
};

test("an erased user's token no longer reads, cancels or streams, in any process", async () => {
  const { userId, orderId, token } = await customer();
  const streams = await Promise.all([here(), there()].map((at) => openStream(at, `/orders/${orderId}/stream`, token)));
  await here().call('DELETE', `/users/${userId}`, undefined, { token });
  for (const at of [here(), there()]) {
    await refusedBy(at, { orderId, token });
    expect(await statusOf(at, 'POST', `/orders/${orderId}/cancel`, token)).toBe(401);
    expect(await statusOf(at, 'GET', `/orders/${orderId}/stream`, token)).toBe(401);
  }
  for (const stream of streams) expect(await stream.text()).toContain('order.created');
});

test('a locked user is refused by every process, also one that starts later, until unlocked with a new token', async () => {
  const who = await customer();
  const locked = await sagaworks(here(), ['user', 'lock', who.userId, '--reason', 'reported as stolen']);
  expect(locked).toMatchObject({ code: 0, out: `User ${who.userId} is locked\n` });
  for (const at of [here(), there()]) await refusedBy(at, who);
  expect((await here().call('GET', `/users/${who.userId}`)).body).toMatchObject({ lockedAt: expect.any(String) });
  const later = await startTestPlatform(world, ['api']);
  expect(await isAccepted(later, who)).toBe(false);

  expect(await sagaworks(here(), ['user', 'unlock', who.userId])).toMatchObject({ code: 0 });
  for (const at of [here(), there(), later]) {
    // A token says only in which second it was issued: one of the second of the lock counts as from before it.
    await eventually(async () =>
      expect(await isAccepted(at, { ...who, token: await here().token(who.userId, 'customer') })).toBe(true),
    );
    expect(await isAccepted(at, who)).toBe(false);
  }
  await later.stop();
  const { body } = await here().call('GET', '/ops/audit');
  expect(body['items']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ action: 'user lock', target: who.userId, request: { reason: 'reported as stolen' } }),
      expect.objectContaining({ action: 'user unlock', target: who.userId }),
    ]),
  );
}, 120_000);

test('a token is revoked by its id, and no other token of the user', async () => {
  const who = await customer();
  const { jti } = JSON.parse(Buffer.from(who.token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
  await operate(`tokens/${jti}/revoke`);
  for (const at of [here(), there()]) {
    await refusedBy(at, who);
    expect(await isAccepted(at, { ...who, token: await here().token(who.userId, 'customer') })).toBe(true);
  }
});

test('a revoked API key is refused by every process, also by requests under way, and its streams end', async () => {
  const { orderId } = await customer();
  const admin = await here().token(randomUUID(), 'admin');
  const granted = { name: 'a shop front', scopes: ['orders:read', 'orders:watch'] };
  const { body } = await here().call('POST', '/ops/api-keys', granted, { token: admin });
  const [key, keyId] = [String(body['key']), String(body['keyId'])];
  const processes = [here(), there()];
  const streams = await Promise.all(
    processes.flatMap((at) => [`/orders/${orderId}/stream`, '/orders/stream'].map((path) => openStream(at, path, key))),
  );
  // Both ask all the time: each answer is a whole one, and after the first refusal there are only refusals.
  const asked = Promise.all(
    processes.map(async (at) => {
      const seen: number[] = [];
      while (seen.filter((status) => status === 401).length < 20)
        seen.push(await statusOf(at, 'GET', `/orders/${orderId}`, key));
      return seen;
    }),
  );
  expect(await here().call('POST', `/ops/api-keys/${keyId}/revoke`, undefined, { token: admin })).toMatchObject({
    status: 200,
  });
  for (const seen of await asked) {
    const [admitted, refused] = [seen.filter((status) => status === 200), seen.filter((status) => status === 401)];
    expect(seen).toEqual([...admitted, ...refused]);
  }
  for (const stream of streams) expect(await stream.text()).toContain(':');
});

test('a process that was cut from the broker says so, serves on, and knows every revocation when it is back', async () => {
  const [before, during] = [await customer(), await customer()];
  await operate(`users/${before.userId}/lock`);
  await refusedBy(there(), before);
  line.cut();
  await eventually(async () =>
    expect((await there().call('GET', '/readyz')).body).toMatchObject({
      status: 'ready',
      degraded: expect.arrayContaining(['token revocations']),
    }),
  );
  await operate(`users/${during.userId}/lock`);
  await refusedBy(here(), during);
  expect(await isAccepted(there(), during)).toBe(true);
  expect(await isAccepted(there(), before)).toBe(false);
  line.restore();
  await refusedBy(there(), during);
  expect(await isAccepted(there(), before)).toBe(false);
  await eventually(async () => expect((await there().call('GET', '/readyz')).body).toEqual({ status: 'ready' }));
});

test('who may lock and revoke, and what is refused', async () => {
  const { userId, token } = await customer();
  for (const path of [`users/${userId}/lock`, `users/${userId}/unlock`, 'tokens/some-id/revoke'])
    expect(await statusOf(here(), 'POST', `/ops/${path}`, token)).toBe(403);
  expect(await here().call('POST', `/ops/users/${randomUUID()}/lock`, {})).toMatchObject({ status: 404 });
  expect(await here().call('POST', '/ops/tokens/%00/revoke', {})).toMatchObject({ status: 400 });
  await operate(`users/${userId}/unlock`);
});
