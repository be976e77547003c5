import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client as Postgres } from 'pg';
import { swapBack, rebuild } from '../../lib/projections/rebuild';
import type { ProjectionContext } from '../../lib/projections/projection';
import { verify } from '../../lib/projections/verify';
import { onReadModel, readModels } from '../../workers/modules/read-models';
import { sagaworks as runSagaworks, type Ended } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { programOf } from '../lib-support/program';
import { writeOrders } from '../support/order-log';
import { openDatabase } from '../../lib/db/database';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';
import { historyOf, messagesIn } from '../support/traces';

const names = readModels().map(({ projection }) => projection.name);
/** Those that hold names. */
const withPeople = ['users', 'user-profiles', 'recipients'];
let world: World;
let platform: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const projections = (...args: string[]): Promise<Ended> =>
  runSagaworks(platform, ['projections', ...args, '--json'], world.env);

/** The same in this process, which is there already: starting one takes longer than most rebuilds. */
async function here<T>(name: string, run: (context: ProjectionContext) => Promise<T>): Promise<T> {
  const model = readModels().find(({ projection }) => projection.name === name);
  if (!model) throw new Error(`There is no read model ${name}`);
  return onReadModel(model, (service) => world.databases[service] ?? '', run);
}

/** Of every read model, how many rows are not what its events say. */
async function differences(): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const name of names) counted[name] = (await here(name, verify)).differences.count;
  return counted;
}
const none = Object.fromEntries(names.map((name) => [name, 0]));

async function differencesOf(name: string): Promise<unknown> {
  const { out, err } = await projections('verify', name);
  return out === '' ? err : (JSON.parse(out) as { differences: unknown }).differences;
}

/** Every table of every database in which a text stands, as `database.schema.table`. */
async function tablesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const [name, url] of Object.entries(world.databases)) {
    const client = new Postgres({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ place: string }>(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as place from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { place } of rows) {
      const { rowCount } = await client.query(`select 1 from ${place} t where t::text ilike $1 limit 1`, [`%${text}%`]);
      if (rowCount) found.push(`${name}.${place}`);
    }
    await client.end();
  }
  return found;
}

test('after orders that were confirmed and cancelled every read model agrees with its events, also rebuilt', async () => {
  const userId = await shop.user();
  const sku = await shop.product(3);
  const orders = [
    await shop.order({ userId, sku, quantity: 2 }),
    await shop.order({ userId, sku, quantity: 9 }),
    await shop.order({ userId, sku, quantity: 1, token: 'tok_declined' }),
  ];
  for (const orderId of orders) await shop.end(orderId);
  await eventually(async () => expect(await differences()).toEqual(none));
  for (const name of names) await here(name, rebuild);
  await shop.end(await shop.order({ userId, sku: await shop.product(1) }));
  await eventually(async () => expect(await differences()).toEqual(none));
  const listed = JSON.parse((await projections('list')).out) as { name: string; shadow: string }[];
  expect(listed.map(({ name, shadow }) => [name, shadow])).toEqual(names.map((name) => [name, 'exchanged']));
}, 180_000);

test('an erased person is found nowhere, also after every read model was rebuilt and some went back', async () => {
  const email = `ada.${randomUUID()}@example.com`;
  const { body } = await platform.call('POST', '/users', { email: `old.${email}`, name: 'Ada' });
  const userId = String(body['userId']);
  await platform.call('PATCH', `/users/${userId}`, { email });
  const orderId = await shop.order({ userId, sku: await shop.product(2) });
  await shop.end(orderId);
  for (const name of withPeople) await here(name, rebuild);
  for (const shadow of ['aside_users.users', 'aside_user_profiles.user_profiles', 'aside_recipients.recipients'])
    expect(await tablesWith(email)).toContainEqual(expect.stringContaining(shadow));

  expect(await platform.call('DELETE', `/users/${userId}`)).toMatchObject({ status: 204 });
  await eventually(async () => expect(await tablesWith(email)).toEqual([]));
  for (const name of names) await here(name, rebuild);
  for (const name of withPeople) await here(name, swapBack);
  expect(await tablesWith(email)).toEqual([]);
  expect((await messagesIn(world)).filter((message) => message.includes(email))).toEqual([]);
  const history = await historyOf(world, orderId);
  expect(history).toContain(orderId);
  expect(history).toContain('destination'); // What is kept can be read here, so an e-mail address could be, too.
  expect(history).not.toContain('Loop Street');
  expect(history).not.toContain(email);
}, 180_000);

test('a rebuild that is killed leaves what is read as it was, and the next one goes on', async () => {
  const database = openDatabase<unknown>({ url: world.databases['orders'] ?? '', name: 'test', queryTimeoutMs: 0 });
  await projections('rebuild', 'order-list');
  await writeOrders(database.kysely, 20_000);
  await database.close();
  const listed = await platform.call('GET', '/orders?limit=100');
  const { file, execArgv } = programOf('cli/sagaworks.ts');
  const doomed = spawn(process.execPath, [...execArgv, file, 'projections', 'rebuild', 'order-list'], {
    env: { ...process.env, ...world.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [printed] = (await once(doomed.stderr, 'data')) as [Buffer];
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');
  const done = Number(/filling: (\d+) of/.exec(printed.toString())?.[1]);
  expect(done).toBeGreaterThan(0);
  expect((await platform.call('GET', '/orders?limit=100')).body).toEqual(listed.body);

  const { code, err, out } = await projections('rebuild', 'order-list');
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(Number(/"filling","done":(\d+),/.exec(err)?.[1])).toBeGreaterThan(done);
  expect((JSON.parse(out) as { events: number }).events).toBeGreaterThanOrEqual(32_000);
  expect(await differencesOf('order-list')).toMatchObject({ count: 0 });
}, 180_000);

test.each([
  [['rebuild'], 64, "Missing required argument 'name'"],
  [['rebuild', 'nothing'], 64, 'There is no projection nothing; there are sales'],
  [['back', 'stock', 'now'], 64, 'Too many arguments'],
])('sagaworks projections %p ends with %i and says why', async (args, code, why) => {
  const ended = await projections(...args);
  expect(ended.code).toBe(code);
  expect(ended.err).toContain(why);
});
