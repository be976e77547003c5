import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createCaller, vhostOf } from '../../lib/broker/management';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { createAuthority, type Authority, type Certificate } from '../lib-support/certificates';
import { eventually, whileItChanges } from '../lib-support/eventually';
import { startGrpcProxy, type GrpcProxy } from '../lib-support/grpc-proxy';
import { required } from '../lib-support/required';
import { startTlsProxy, type TlsProxy } from '../lib-support/tls-proxy';
import { giveBrokerUsers } from '../support/broker-users';
import { reportParcel } from '../support/carrier';
import { startMailServer, type MailServer } from '../support/mail-server';
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
/** In front of the stack's servers: they take TLS only, from clients with a certificate. */
let temporal: GrpcProxy;
let postgres: TlsProxy;
let amqp: TlsProxy;
let mails: MailServer;
let authority: Authority;
const shop = createShop(() => platform);
const flow = startFlow();

beforeAll(async () => {
  authority = createAuthority('an authority');
  const identity = { ...authority.sign(), clientAuthority: authority.cert };
  [temporal, postgres, amqp, mails] = await Promise.all([
    startGrpcProxy(required('TEMPORAL_ADDRESS'), identity),
    startTlsProxy(targetOf(required('DATABASE_URL')), { ...identity, beforeTls: 'S' }),
    startTlsProxy(targetOf(required('RABBITMQ_URL')), identity),
    startMailServer(),
  ]);
  mails.password = 'password-1';
  temporal.admit('key-1');
  world = await createWorld();
  await giveBrokerUsers(world);
  await onDatabase(`create role ${role} superuser login password 'password-1'`);
  await management('PUT', `users/${admin}`, { password: 'password-1', tags: 'administrator' });
  const vhost = encodeURIComponent(vhostOf(world.env['RABBITMQ_URL'] ?? ''));
  await management('PUT', `permissions/${vhost}/${admin}`, { configure: '.*', write: '.*', read: '.*' });
  writeFileSync(join(folder, 'ca'), authority.cert);
  putCertificate(authority.sign({ name: 'sagaworks' }));
  const owners = Object.entries(world.env).filter(([name]) => name.endsWith('_DATABASE_OWNER_URL'));
  Object.assign(world.env, {
    ...databaseUrls(role, 'password-1'),
    ...Object.fromEntries(owners.map(([name, url]) => [name, through(postgres, url)])),
    ...Object.fromEntries(['POSTGRES', 'RABBITMQ', 'TEMPORAL'].flatMap(tlsFilesOf)),
    RABBITMQ_URL: withLogin(through(amqp, world.env['RABBITMQ_URL'] ?? '', 'amqps:'), admin, 'password-1'),
    TEMPORAL_ADDRESS: `localhost:${temporal.port}`,
    TEMPORAL_API_KEY: 'key-1',
    SMTP_URL: withLogin(mails.url, 'shop', 'password-1'),
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
  await Promise.all([temporal.close(), postgres.close(), amqp.close(), mails.close()]);
  for (const one of [role, nextRole]) await onDatabase(`drop role if exists ${one}`);
  await management('DELETE', `users/${admin}`);
  rmSync(folder, { recursive: true });
}, 60_000);

const secrets =
  /(_DATABASE_URL|^RABBITMQ_URL|_RABBITMQ_LOGIN|^TEMPORAL_API_KEY|_KEYS|^CARRIER_WEBHOOK_SECRET|^SMTP_URL)$/;
const payloadKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** As Kubernetes does, all at once. */
function put(name: string, value: string): void {
  writeFileSync(join(folder, `${name}.next`), `${value}\n`);
  renameSync(join(folder, `${name}.next`), join(folder, name));
}

const current = (name: string): string => readFileSync(join(folder, name), 'utf8').trimEnd();

/** The files of a system's settings; all systems have the same. */
const tlsFilesOf = (system: string): [string, string][] =>
  ['ca', 'cert', 'key'].map((part) => [`${system}_TLS_${part.toUpperCase()}_FILE`, join(folder, part)]);

function putCertificate({ cert, key }: Certificate): void {
  put('cert', cert);
  put('key', key);
}

const targetOf = (address: string): { host: string; port: number } => {
  const { hostname: host, port } = new URL(address);
  return { host, port: Number(port) };
};

/** An address with that of a proxy in the place of its server's. */
function through({ port }: TlsProxy, address: string, protocol?: string): string {
  const url = new URL(protocol === undefined ? address : address.replace(/^\w+:/, protocol));
  return Object.assign(url, { hostname: '127.0.0.1', port: String(port) }).href;
}

function withLogin(address: string, username: string, password: string): string {
  return Object.assign(new URL(address), { username, password }).href;
}

const databaseUrls = (user: string, password: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(world.databases).map(([name, url]) => [
      `${name.toUpperCase()}_DATABASE_URL`,
      withLogin(through(postgres, url), user, password),
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

/** Of whoever places the orders; default: the operator of the platform, with the first key. */
let bearer: string | undefined;

/** Few, as the platform has to keep up beside other tests; `ORDERS_PER_SECOND=20` is the rate that is promised. */
const ordersPerSecond = Number(process.env['ORDERS_PER_SECOND'] ?? 5);

/** Orders at a steady rate, and what became of them. */
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
        const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
        const answer = await shop.place({ userId, sku }, headers).catch((error: unknown) => error);
        const { status, body } = answer as { status?: number; body?: Record<string, unknown> };
        if (status === 202) accepted.push(String(body?.['orderId']));
        else refused.push(answer);
      };
      timer = setInterval(() => {
        const placing = place().finally(() => underWay.delete(placing));
        underWay.add(placing);
      }, 1_000 / ordersPerSecond);
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

test('the certificate of clients: connections that are made from now on have the new one', async () => {
  const next = authority.sign({ name: 'sagaworks', ownKey: true });
  const { serialNumber } = new X509Certificate(next.cert);
  putCertificate(next);
  await untilReplaced(['POSTGRES_TLS_…', 'RABBITMQ_TLS_…', 'TEMPORAL_TLS_…']);
  // Connections that are open stay so until they are lost: here those to RabbitMQ, and the sessions of PostgreSQL that wait
  // for notifications, which no order needs.
  await onDatabase(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${nextRole}' and query ilike 'listen %'`,
  );
  amqp.cut();
  await eventually(() => {
    for (const proxy of [postgres, amqp, temporal]) expect(proxy.connected()).toContain(serialNumber);
  }, 60_000);
  await untilMoreOrders();
  await eventually(async () => expect(await ready()).toBe('ok'), 60_000);
}, 150_000);

test('the password at the mail server: the new one is used as soon as the server takes it', async () => {
  put('SMTP_URL', withLogin(mails.url, 'shop', 'password-2'));
  await eventually(() =>
    expect(log()).toContainEqual(
      expect.objectContaining({ setting: 'SMTP_URL', reason: expect.stringContaining('535') }),
    ),
  );
  mails.password = 'password-2';
  await untilReplaced(['SMTP_URL']);
  // Connections that are open have the old one.
  mails.will('hangs-up-before', 'hangs-up-before', 'hangs-up-before', 'hangs-up-before', 'takes');
  const before = mails.taken.length;
  await eventually(() => expect(mails.taken.length).toBeGreaterThan(before + 20), 60_000);
  expect(flow.refused).toEqual([]);
}, 90_000);

test('keys of payloads and of what events have sealed: a new one is added behind, then put in front', async () => {
  const names = ['TEMPORAL_PAYLOAD_KEYS', 'ORDER_DETAILS_KEYS', 'EMAIL_CHANGE_KEYS'];
  const keys = names.map((name) => ({ name, old: current(name), next: payloadKey('second') }));
  for (const { name, old, next } of keys) put(name, `${old},${next}`);
  await untilReplaced(names);
  for (const { name, old, next } of keys) put(name, `${next},${old}`);
  await untilReplaced(names, 2);
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

test('the keys of tokens: the new one signs once all processes verify it, and tokens of the old one end with it', async () => {
  const [old, next] = [JSON.parse(current('TOKEN_SIGNING_KEYS')) as unknown, newTokenKey()];
  const rotateTo = async (keys: unknown[], times: number): Promise<void> => {
    put('TOKEN_SIGNING_KEYS', JSON.stringify(keys));
    await untilReplaced(['TOKEN_SIGNING_KEYS'], times);
  };
  await rotateTo([old, next], 1);
  await rotateTo([next, old], 2);
  bearer = await tokenIssuerOf({ TOKEN_SIGNING_KEYS: JSON.stringify(next) }).sign({
    userId: randomUUID(),
    role: 'operator',
  });
  await untilMoreOrders();
  await rotateTo([next], 3);
  await untilMoreOrders();
  expect(await platform.call('GET', '/orders')).toMatchObject({ status: 401 });
}, 90_000);

test('every order of all this time was accepted, and is confirmed; its customer has had an e-mail', async () => {
  await flow.end();
  expect(flow.refused).toEqual([]);
  const count = (statuses: string): Promise<number> => countRows('orders', `orders where status in (${statuses})`);
  await whileItChanges(() => count("'placed', 'in_review'"), 0);
  // One more was placed before the flow began.
  const placed = flow.accepted.length + 1;
  expect(await count("'confirmed', 'shipped'")).toBe(placed);
  const accepted = flow.accepted.map((id) => `'${id}'`).join();
  expect(await countRows('orders', `orders where order_id in (${accepted})`)).toBe(flow.accepted.length);
  const sent = () => countRows('notifications', "notifications where kind = 'confirmed' and status = 'sent'");
  await eventually(async () => expect(await sent()).toBe(placed), 60_000);
}, 300_000);

async function countRows(service: string, from: string): Promise<number> {
  const client = new Client({ connectionString: world.databases[service] });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${from}`);
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}
