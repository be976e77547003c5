import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { eventually } from '../lib-support/eventually';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { createRelayWorld, type RelayWorld } from '../lib-support/relay';
import { startStandby, type Standby } from '../support/standby';
import { createTestVhost, type TestVhost } from '../lib-support/vhost';
import { classify } from '../../lib/errors/classify';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { openDatabase, type Database } from '../../lib/db/database';
import { listenTo } from '../../lib/db/listen';
import { migrateToLatest } from '../../lib/db/migrate';

/** Two servers behind one address: the first is writable, the second is its standby. */
let vhost: TestVhost;
let world: RelayWorld;
let standby: Standby;
let address: Proxy;
let url: string;
const primary = { host: '', port: 0 };
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  vhost = await createTestVhost();
  world = await createRelayWorld({ vhost });
  const there = new URL(world.log.url);
  Object.assign(primary, { host: there.hostname, port: Number(there.port) });
  standby = await startStandby(world.log.url, async (copy) => {
    const database = openDatabase<unknown>({ url: copy, name: 'copy' });
    await migrateToLatest(database, eventLogMigrations);
    await database.close();
  });
  address = await startProxy(primary);
  there.host = `127.0.0.1:${address.port}`;
  url = there.href;
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(async () => {
  await world.end();
  await vhost.drop();
  await address.close();
  await standby.stop();
});

/** Simulates a failover: the old server's connections break, new ones go to the other. */
function failOver(): void {
  address.pointTo(standby);
  address.cut();
  address.restore();
}

function open(poolSize: number): Database<unknown> {
  const database = openDatabase<unknown>({ url, name: 'failover', poolSize });
  ends.push(() => database.close());
  return database;
}

const isStandby = async ({ kysely }: Database<unknown>): Promise<boolean | undefined> =>
  (await sql<{ standby: boolean }>`select pg_is_in_recovery() as standby`.execute(kysely)).rows[0]?.standby;
const write = ({ kysely }: Database<unknown>) =>
  sql`insert into relays (name) values (gen_random_uuid()::text)`.execute(kysely);
/** Several at once, each on a session of its own. */
const writeOnEach = (database: Database<unknown>, sessions: number) =>
  Promise.all(
    Array.from({ length: sessions }, () =>
      database.kysely.transaction().execute(async (trx) => {
        await sql`select pg_sleep(0.05)`.execute(trx);
        await sql`insert into relays (name) values (gen_random_uuid()::text)`.execute(trx);
      }),
    ),
  );

test('a pool serves reads from a standby, and leaves it when the address leads to a writable server', async () => {
  const database = open(3);
  await writeOnEach(database, 3);
  failOver();
  await eventually(async () => expect(await isStandby(database)).toBe(true));
  const refused = await write(database).catch((error: unknown) => error);
  expect(classify(refused)).toMatchObject({ code: 'unavailable', status: 503 });
  // The sessions on the standby stay open, and no error ends them.
  address.pointTo(primary);
  await eventually(async () => expect(await isStandby(database)).toBe(false));
  await writeOnEach(database, 3);
});

test('a relay whose sessions are on a standby publishes as soon as there is a writable server', async () => {
  failOver();
  const relay = await world.relay({ database: { url } });
  ends.push(() => relay.stop());
  await world.append('note.made');
  // Long enough for its sessions to fail.
  const database = open(1);
  await eventually(async () => expect(await isStandby(database)).toBe(true));
  await expect(write(database)).rejects.toThrow('read-only');
  expect(world.received).toEqual([]);
  address.pointTo(primary);
  await eventually(() => expect(world.received).toHaveLength(1));
});

test('when a server stops accepting writes, a pool leaves it with one failure at most, and a listener by itself', async () => {
  await standby.execute('select pg_promote()');
  address.pointTo(standby);
  const received: string[] = [];
  const onNotification = (channel = 'connected'): unknown => received.push(channel);
  const listening = listenTo({ url, name: 'listener', channels: ['notes'], onNotification, checkMs: 100 });
  ends.push(() => listening.close());
  const database = open(3);
  await eventually(() => writeOnEach(database, 3));
  await eventually(() => expect(received).toEqual(['connected']));

  address.pointTo(primary);
  await standby.execute('alter system set default_transaction_read_only = on');
  await standby.execute('select pg_reload_conf()');
  await eventually(() => expect(received).toEqual(['connected', 'connected']));
  await write(database).catch(() => undefined);
  await writeOnEach(database, 3);
  await sql`notify notes`.execute(world.log.database.kysely);
  await eventually(() => expect(received).toEqual(['connected', 'connected', 'notes']));
});

test('a listener whose connection is dead reconnects', async () => {
  const received: string[] = [];
  const onNotification = (channel = 'connected'): unknown => received.push(channel);
  const listening = listenTo({ url, name: 'listener', channels: ['notes'], onNotification, checkMs: 100 });
  ends.push(() => listening.close());
  await eventually(() => expect(received).toEqual(['connected']));
  address.stall();
  await eventually(() => expect(received).toEqual(['connected', 'connected']));
});
