import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { watchDatabase, type DatabaseHealth } from './health';

const migrations = { a_0001: { up: () => Promise.resolve() } };
let server: TestDatabase<unknown>;
const watched: DatabaseHealth[] = [];

beforeAll(async () => {
  server = await createTestDatabase(migrations);
});
afterAll(async () => {
  await Promise.all(watched.map((health) => health.close()));
  await server.drop();
});

function watch(url = server.url, needed = migrations): DatabaseHealth {
  const health = watchDatabase({ url, name: 'test' }, needed);
  watched.push(health);
  return health;
}

test('a database is up, limited while it is read-only, and up again', async () => {
  const health = watch();
  expect(await health.check()).toEqual({ state: 'up' });
  const name = sql.id(new URL(server.url).pathname.slice(1));
  await sql`alter database ${name} set default_transaction_read_only = on`.execute(server.database.kysely);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test health'`.execute(
    server.database.kysely,
  );
  await eventually(async () => expect(await health.check()).toEqual({ state: 'limited', reason: 'read-only' }));
  await sql`alter database ${name} reset all`.execute(server.database.kysely);
  await eventually(async () => expect(await health.check()).toEqual({ state: 'up' }));
});

test('a database without all migrations is down, as is one that cannot be reached', async () => {
  const later = { ...migrations, b_0001: { up: () => Promise.resolve() } };
  expect(await watch(server.url, later).check()).toEqual({ state: 'down', reason: 'migrations are missing' });
  await expect(watch('postgres://127.0.0.1:9/nowhere').check()).rejects.toThrow('ECONNREFUSED');
});

test('however often health is checked, the database is queried once a second', async () => {
  const health = watch();
  const first = await health.check();
  expect(await health.check()).toBe(first);
});
