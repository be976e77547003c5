import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { replaceable } from '../../tests/lib-support/live';
import { classify } from '../errors/classify';
import type { DatabaseAddress } from './address';
import { openDatabase, type Database, type Queryable } from './database';
import { listenTo } from './listen';
import { migrateToLatest } from './migrate';

let server: TestDatabase<unknown>;
const db = () => server.database.kysely;

beforeAll(async () => {
  server = await createTestDatabase({});
});
afterAll(() => server.drop());

/** Ends the sessions of an application name, as a restart of the server would. */
const cutOff = (name: string) =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`.execute(db());

test('a bigint is a number while that is exact, otherwise text', async () => {
  const { rows } = await sql`select 9007199254740991::bigint as safe, 9007199254740993::bigint as unsafe`.execute(db());
  expect(rows).toEqual([{ safe: 9007199254740991, unsafe: '9007199254740993' }]);
});

test('a statement is parsed once per connection', async () => {
  await db()
    .connection()
    .execute(async (one) => {
      const ask = (value: number) => sql`select ${value}::int as value, 'prepared' as note`.execute(one);
      for (const value of [1, 2, 3]) expect((await ask(value)).rows).toEqual([{ value, note: 'prepared' }]);
      const { rows } = await sql`
        select count(*)::int as count from pg_prepared_statements where statement like '%prepared%note'`.execute(one);
      expect(rows).toEqual([{ count: 1 }]);
    });
});

test('a table that changes under a prepared statement costs one failure, not the connection', async () => {
  await sql`create table changing (id int)`.execute(db());
  const read = () => sql`select * from changing where id < ${10}`.execute(one.kysely);
  const one = openDatabase({ url: server.url, name: 'changing', poolSize: 1 });
  await read();
  await sql`alter table changing add column note text`.execute(db());
  await expect(read()).rejects.toThrow('cached plan must not change result type');
  expect((await read()).rows).toEqual([]);
  await one.close();
});

test('a lost connection fails the work on it, and the next work succeeds', async () => {
  const lost: Error[] = [];
  const database = openDatabase({ url: server.url, name: 'cut-off', onError: (error) => lost.push(error) });
  const work = database.kysely.transaction().execute(async (trx) => {
    await sql`select 1`.execute(trx);
    await cutOff('cut-off');
    await eventually(() => {
      expect(lost).not.toEqual([]);
    });
    await sql`select 2`.execute(trx);
  });
  await expect(work).rejects.toThrow();
  expect((await sql`select 3 as three`.execute(database.kysely)).rows).toEqual([{ three: 3 }]);
  await database.close();
});

test('several processes may migrate at once: each migration runs once', async () => {
  const create = { up: () => sql`create table things (id int)`.execute(db()).then(() => undefined) };
  const migrations = { b_0001_things: create };
  await Promise.all([1, 2, 3].map(() => migrateToLatest(server.database, migrations)));
});

test('a migration that is added later may sort before those that ran', async () => {
  const note = (name: string) => ({
    up: () =>
      sql
        .raw(`create table ${name} (id int)`)
        .execute(db())
        .then(() => undefined),
  });
  await migrateToLatest(server.database, { b_0001_things: note('never'), m_0001: note('first') });
  await migrateToLatest(server.database, {
    a_0001: note('later'),
    b_0001_things: note('never'),
    m_0001: note('first'),
  });
  const { rows } = await sql<{ table_name: string }>`
    select table_name from information_schema.tables where table_name in ('first', 'later', 'never')
    order by 1`.execute(db());
  expect(rows.map(({ table_name }) => table_name)).toEqual(['first', 'later']);
});

test('a failed migration is reported', async () => {
  const broken = { up: () => sql`create table`.execute(db()).then(() => undefined) };
  const names = ['a_0001', 'b_0001_things', 'm_0001'];
  const migrations = { ...Object.fromEntries(names.map((name) => [name, broken])), z_0001_broken: broken };
  await expect(migrateToLatest(server.database, migrations)).rejects.toThrow('syntax error');
});

test('notifications are received, also after the connection was lost', async () => {
  const received: string[] = [];
  const onNotification = (channel?: string): void => void received.push(channel ?? 'connected');
  const listening = listenTo({ url: server.url, name: 'listener', channels: ['one', 'two'], onNotification });
  await eventually(() => {
    expect(received).toEqual(['connected']);
  });
  await sql`notify two`.execute(db());
  await eventually(() => {
    expect(received).toEqual(['connected', 'two']);
  });
  await cutOff('listener');
  await eventually(() => {
    expect(received).toEqual(['connected', 'two', 'connected']);
  });
  await sql`notify one`.execute(db());
  await eventually(() => {
    expect(received).toEqual(['connected', 'two', 'connected', 'one']);
  });
  await listening.close();
});

/** Opens this number of sessions, and returns the ids of their server processes. */
const serving = async ({ kysely }: Database<unknown>, sessions: number): Promise<number[]> => {
  const asked = Array.from({ length: sessions }, () =>
    sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.1)`.execute(kysely),
  );
  return (await Promise.all(asked)).flatMap(({ rows }) => rows.map(({ pid }) => pid));
};

test.each([
  ['a prepared statement is gone', () => sql`deallocate all`, 1],
  ['the server no longer accepts writes', () => sql`set transaction read only`, 3],
])('when %s, sessions are replaced', async (_, spoil, replaced) => {
  const database = openDatabase<unknown>({ url: server.url, name: 'spoilt', poolSize: 3 });
  const before = await serving(database, 3);
  const write = (db: Queryable) => sql`insert into spoilt select ${1}::int`.execute(db);
  await sql`create table if not exists spoilt (id int)`.execute(database.kysely);
  const spoilt = database.kysely.transaction().execute(async (trx) => {
    await write(trx);
    await spoil().execute(trx);
    await write(trx);
  });
  await expect(spoilt).rejects.toThrow();
  const after = await serving(database, 3);
  expect(before.filter((pid) => !after.includes(pid))).toHaveLength(replaced);
  await database.close();
});

test('when a password is rotated, open connections go on, and the pool works again once the password is right', async () => {
  const role = `rotated_${randomUUID().replaceAll('-', '')}`;
  const setPassword = (password: string) => sql`alter role ${sql.id(role)} password ${sql.lit(password)}`.execute(db());
  await sql`create role ${sql.id(role)} login password 'old'`.execute(db());
  const url = new URL(server.url);
  url.username = role;
  url.password = 'old';
  const database = openDatabase<unknown>({ url: url.href, name: role, poolSize: 2 });
  const before = await serving(database, 1);
  await setPassword('new');
  // A second connection is refused, which does not concern the first.
  const two = await Promise.allSettled([serving(database, 1), serving(database, 1)]);
  expect(two).toMatchObject([{ value: before }, { reason: { code: '28P01' } }]);
  expect(await serving(database, 1)).toEqual(before);
  await setPassword('old');
  expect(await serving(database, 2)).toHaveLength(2);
  await database.close();
  await sql`drop role ${sql.id(role)}`.execute(db());
});

/** Creates a role, and returns its address of the test's database; drop it with `dropRole`. */
async function createLogin(password: string): Promise<{ role: string; url: string }> {
  const role = `rotated_${randomUUID().replaceAll('-', '')}`;
  await sql`create role ${sql.id(role)} login password ${sql.lit(password)}`.execute(db());
  return { role, url: loginTo(role, password) };
}
const loginTo = (username: string, password: string): string =>
  Object.assign(new URL(server.url), { username, password }).href;
const dropRole = (role: string) => sql`drop role ${sql.id(role)}`.execute(db());

test('when the login changes, sessions of the new one replace those of the old one, also of listeners', async () => {
  const [old, next] = [await createLogin('old'), await createLogin('new')];
  const address = replaceable<DatabaseAddress>({ url: old.url });
  const database = openDatabase<unknown>({ url: address, name: 'rotated', poolSize: 2 });
  const received: string[] = [];
  const onNotification = (channel = 'connected'): void => void received.push(channel);
  const listening = listenTo({ url: address, name: 'rotated', channels: ['notes'], onNotification, checkMs: 100 });
  const before = await serving(database, 2);
  await eventually(() => expect(received).toEqual(['connected']));
  await address.replace({ url: next.url });
  const after = await serving(database, 2);
  expect(before.filter((pid) => after.includes(pid))).toEqual([]);
  await eventually(() => expect(received).toEqual(['connected', 'connected']));
  const sessions = sql<{
    user: string;
  }>`select usename as user from pg_stat_activity where application_name = 'rotated'`;
  await eventually(async () => {
    const { rows } = await sessions.execute(db());
    expect(rows).toEqual([1, 2, 3].map(() => ({ user: next.role })));
  });
  await listening.close();
  await database.close();
  await Promise.all([dropRole(old.role), dropRole(next.role)]);
});

test('when the login is refused, the pool looks for a new one at once', async () => {
  const { role, url } = await createLogin('old');
  const next = { url: loginTo(role, 'new') };
  const address = replaceable<DatabaseAddress>({ url }, (live) => live.replace(next));
  const database = openDatabase<unknown>({ url: address, name: role, poolSize: 2 });
  await serving(database, 1);
  await sql`alter role ${sql.id(role)} password 'new'`.execute(db());
  expect(await serving(database, 2)).toHaveLength(2);
  await database.close();
  await dropRole(role);
});

test('a URL that names a file which is not there fails like an outage, and ends nothing else', async () => {
  const database = openDatabase<unknown>({
    url: `${server.url}?sslrootcert=/nowhere/ca.pem`,
    name: 'lost',
    poolSize: 1,
  });
  const attempts = await Promise.allSettled([serving(database, 1), serving(database, 1)]);
  for (const attempt of attempts) {
    const reason = attempt.status === 'rejected' ? (attempt.reason as Error) : undefined;
    expect(classify(reason)).toMatchObject({ code: 'unavailable' });
    expect(reason?.message).toContain('/nowhere/ca.pem');
  }
  await database.close();
});
