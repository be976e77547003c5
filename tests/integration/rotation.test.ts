import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createCaller, vhostOf } from '../../lib/broker/management';
import { createAuthority } from '../lib-support/certificates';
import { eventually, whileItChanges } from '../lib-support/eventually';
import { startGrpcProxy, type GrpcProxy } from '../lib-support/grpc-proxy';
import { required } from '../lib-support/required';
import { giveBrokerUsers } from '../support/broker-users';
import { reportParcel } from '../support/carrier';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

/** A platform whose secrets are in files, and a steady flow of orders while each of them is rotated. */
const folder = mkdtempSync(join(tmpdir(), 'sagaworks-rotation-'));
const logFile = join(folder, 'platform.log');
const suffix = randomUUID().slice(0, 8);
const role = `rotating_${suffix}`;
const nextRole = `rotated_${suffix}`;
const admin = `rotating-${suffix}`;
const management = createCaller(required('RABBITMQ_MANAGEMENT_URL'));
let world: World;
let platform: TestPlatform;
let temporal: GrpcProxy;
const shop = createShop(() => platform);
const flow = startFlow();

beforeAll(async () => {
  const authority = createAuthority('an authority');
  temporal = await startGrpcProxy(required('TEMPORAL_ADDRESS'), authority.sign());
  temporal.admit('key-1');
  world = await createWorld();
  await giveBrokerUsers(world);
  await onDatabase(`create role ${role} superuser login password 'password-1'`);
  await management('PUT', `users/${admin}`, { password: 'password-1', tags: 'administrator' });
  const vhost = encodeURIComponent(vhostOf(world.env['RABBITMQ_URL'] ?? ''));
  await management('PUT', `permissions/${vhost}/${admin}`, { configure: '.*', write: '.*', read: '.*' });
  writeFileSync(join(folder, 'ca.pem'), authority.cert);
  Object.assign(world.env, {
    ...databaseUrls(role, 'password-1'),
    RABBITMQ_URL: withLogin(world.env['RABBITMQ_URL'] ?? '', admin, 'password-1'),
    TEMPORAL_ADDRESS: `localhost:${temporal.port}`,
    TEMPORAL_TLS_CA_FILE: join(folder, 'ca.pem'),
    TEMPORAL_API_KEY: 'key-1',
    TEMPORAL_PAYLOAD_KEYS: payloadKey('first'),
    RELOAD_EVERY_MS: '250',
    LOG_LEVEL: 'info',
    LOG_FILE: logFile,
  });
  for (const name of Object.keys(world.env).filter((one) => secrets.test(one))) {
    put(name, world.env[name] ?? '');
    world.env[`${name}_FILE`] = join(folder, name);
    world.env[name] = '';
  }
  platform = await startTestPlatform(world);
  await flow.begin();
}, 180_000);

afterAll(async () => {
  await flow.end();
  await platform.stop();
  await world.drop();
  await temporal.close();
  for (const one of [role, nextRole]) await onDatabase(`drop role if exists ${one}`);
  await management('DELETE', `users/${admin}`);
  rmSync(folder, { recursive: true });
}, 60_000);

const secrets =
  /(_DATABASE_URL|^RABBITMQ_URL|_RABBITMQ_LOGIN|^TEMPORAL_API_KEY|^TEMPORAL_PAYLOAD_KEYS|^CARRIER_WEBHOOK_SECRET)$/;
const payloadKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** As Kubernetes does, all at once. */
function put(name: string, value: string): void {
  writeFileSync(join(folder, `${name}.next`), `${value}\n`);
  renameSync(join(folder, `${name}.next`), join(folder, name));
}

const current = (name: string): string => readFileSync(join(folder, name), 'utf8').trimEnd();

function withLogin(address: string, username: string, password: string): string {
  return Object.assign(new URL(address), { username, password }).href;
}

const databaseUrls = (user: string, password: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(world.databases).map(([name, url]) => [
      `${name.toUpperCase()}_DATABASE_URL`,
      withLogin(url, user, password),
    ]),
  );

async function onDatabase(statement: string): Promise<{ rows: Record<string, unknown>[] }> {
  const client = new Client({ connectionString: required('DATABASE_URL') });
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(statement);
  } finally {
    await client.end();
  }
}

interface Line {
  msg: string;
  setting?: string;
  reason?: string;
}
const log = (): Line[] =>
  readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);

/** How often each of the settings has been replaced. */
const replaced = (name: string): number =>
  log().filter(({ msg, setting }) => msg === 'setting replaced by its new value' && setting === name).length;

const untilReplaced = (names: readonly string[], times = 1): Promise<void> =>
  eventually(() => expect(names.filter((name) => replaced(name) < times)).toEqual([]), 60_000);

/** Five orders a second, and what became of them: the platform has to keep up, beside other tests. */
function startFlow() {
  const accepted: string[] = [];
  const refused: unknown[] = [];
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  return {
    accepted,
    refused,
    async begin() {
      const [userId, sku] = [await shop.user(), await shop.product(1_000_000)];
      await shop.order({ userId, sku });
      const place = async (): Promise<void> => {
        const answer = await shop.place({ userId, sku }).catch((error: unknown) => error);
        const { status, body } = answer as { status?: number; body?: Record<string, unknown> };
        if (status === 202) accepted.push(String(body?.['orderId']));
        else refused.push(answer);
      };
      timer = setInterval(() => {
        const placing = place().finally(() => underWay.delete(placing));
        underWay.add(placing);
      }, 200);
    },
    async end() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

/** Goes on for a while: what is rotated must be used, not only accepted. */
async function untilMoreOrders(count = 10): Promise<void> {
  const wanted = flow.accepted.length + count;
  await eventually(() => expect(flow.accepted.length).toBeGreaterThanOrEqual(wanted), 60_000);
  expect(flow.refused).toEqual([]);
}

test('the password of a database role: a new one is used as soon as the server takes it, the old one until then', async () => {
  const urls = databaseUrls(role, 'password-2');
  for (const [name, url] of Object.entries(urls)) put(name, url);
  await eventually(() =>
    expect(log()).toContainEqual(
      expect.objectContaining({
        setting: 'ORDERS_DATABASE_URL',
        msg: 'new value of a setting refused; the one in use stays',
        reason: expect.stringContaining('password authentication failed'),
      }),
    ),
  );
  await untilMoreOrders();
  await onDatabase(`alter role ${role} password 'password-2'`);
  await untilReplaced(Object.keys(urls));
  await untilMoreOrders();
}, 90_000);

test('the role of a database: sessions of the new one replace those of the old one', async () => {
  await onDatabase(`create role ${nextRole} superuser login password 'password-3'`);
  const urls = databaseUrls(nextRole, 'password-3');
  for (const [name, url] of Object.entries(urls)) put(name, url);
  await untilReplaced(Object.keys(urls), 2);
  await onDatabase(`alter role ${role} nologin`);
  await untilMoreOrders();
  const { rows } = await onDatabase(
    `select count(*)::int as count from pg_stat_activity where usename = '${nextRole}'`,
  );
  expect(rows[0]?.['count']).toBeGreaterThan(5);
}, 90_000);

test('the password of broker users, while the broker ends all connections', async () => {
  const logins = Object.keys(world.env).filter((name) => name.endsWith('_RABBITMQ_LOGIN'));
  for (const name of logins) {
    const [user = ''] = current(name).split(':');
    await management('PUT', `users/${user}`, { password: 'password-2', tags: '' });
    put(name, `${user}:password-2`);
  }
  await management('PUT', `users/${admin}`, { password: 'password-2', tags: 'administrator' });
  put('RABBITMQ_URL', withLogin(current('RABBITMQ_URL'), admin, 'password-2'));
  const vhost = vhostOf(current('RABBITMQ_URL'));
  const connections = (await management('GET', 'connections')) as { name: string; vhost: string }[];
  for (const one of connections.filter((open) => open.vhost === vhost))
    await management('DELETE', `connections/${encodeURIComponent(one.name)}`);
  await untilReplaced([...logins, 'RABBITMQ_URL']);
  await untilMoreOrders();
  await eventually(async () => expect(await ready()).toBe('ok'), 60_000);
}, 90_000);

const ready = async (): Promise<string> =>
  (await platform.call('GET', '/readyz')).status === 200 ? 'ok' : 'not ready';

test("Temporal's API key: the old one is not used any more", async () => {
  temporal.admit('key-1', 'key-2');
  put('TEMPORAL_API_KEY', 'key-2');
  await untilReplaced(['TEMPORAL_API_KEY']);
  // Polls for tasks that were under way have the old key, and are admitted before it ends.
  await untilMoreOrders();
  temporal.admit('key-2');
  await untilMoreOrders();
  expect(temporal.calls('key-2')).toBeGreaterThan(20);
}, 90_000);

test('a wrong API key is not used, and the log says so', async () => {
  put('TEMPORAL_API_KEY', 'a wrong key');
  await eventually(() =>
    expect(log()).toContainEqual(
      expect.objectContaining({
        setting: 'TEMPORAL_API_KEY',
        reason: expect.stringContaining('it refuses TEMPORAL_API_KEY'),
      }),
    ),
  );
  await untilMoreOrders();
  put('TEMPORAL_API_KEY', 'key-2');
}, 60_000);

test('payload keys: a new one is added behind, then put in front', async () => {
  const [old, next] = [current('TEMPORAL_PAYLOAD_KEYS'), payloadKey('second')];
  put('TEMPORAL_PAYLOAD_KEYS', `${old},${next}`);
  await untilReplaced(['TEMPORAL_PAYLOAD_KEYS']);
  put('TEMPORAL_PAYLOAD_KEYS', `${next},${old}`);
  await untilReplaced(['TEMPORAL_PAYLOAD_KEYS'], 2);
  await untilMoreOrders();
}, 60_000);

test("the carrier's secret: both sign during the rotation", async () => {
  const [old, next] = [current('CARRIER_WEBHOOK_SECRET'), randomUUID()];
  const report = async (secret: string): Promise<number> => {
    const orderId = await confirmedOrder();
    return (await reportParcel(platform, { env: { CARRIER_WEBHOOK_SECRET: secret } }, orderId, 'dispatched')).status;
  };
  put('CARRIER_WEBHOOK_SECRET', `${next},${old}`);
  await untilReplaced(['CARRIER_WEBHOOK_SECRET']);
  expect([await report(old), await report(next)]).toEqual([202, 202]);
  put('CARRIER_WEBHOOK_SECRET', next);
  await untilReplaced(['CARRIER_WEBHOOK_SECRET'], 2);
  expect([await report(old), await report(next)]).toEqual([401, 202]);
}, 90_000);

let reported = 0;
async function confirmedOrder(): Promise<string> {
  const orderId = flow.accepted[(reported += 1)] ?? '';
  await shop.end(orderId);
  return orderId;
}

test('every order of all this time was accepted, and is confirmed', async () => {
  await flow.end();
  expect(flow.refused).toEqual([]);
  const count = (statuses: string): Promise<number> => countOrders(`status in (${statuses})`);
  await whileItChanges(() => count("'placed', 'in_review'"), 0);
  // One more was placed before the flow began.
  expect(await count("'confirmed', 'shipped'")).toBe(flow.accepted.length + 1);
  expect(await countOrders(`order_id in (${flow.accepted.map((id) => `'${id}'`).join()})`)).toBe(flow.accepted.length);
}, 240_000);

async function countOrders(condition: string): Promise<number> {
  const client = new Client({ connectionString: world.databases['orders'] });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from orders where ${condition}`,
    );
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}
