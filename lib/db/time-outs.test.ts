import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { startProxy, type Proxy } from '../../tests/lib-support/proxy';
import { withCancellation } from '../async/cancellation';
import { classify } from '../errors/classify';
import { openDatabase, type Database, type DatabaseOptions } from './database';

let server: TestDatabase<unknown>;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await createTestDatabase({});
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => server.drop());

function open(options: Partial<DatabaseOptions>): Database<unknown> {
  const database = openDatabase<unknown>({ url: server.url, name: 'time-outs', poolSize: 1, ...options });
  ends.push(() => database.close());
  return database;
}

const select = ({ kysely }: Database<unknown>, what = '1') => sql`select ${sql.raw(what)} as it`.execute(kysely);
const codeOf = (error: unknown): string => classify(error).code;

/** How many statements run on the server for the sessions of this name. */
async function running(name: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity where application_name = ${name} and state = 'active'`.execute(
    server.database.kysely,
  );
  return rows[0]?.count ?? -1;
}

test('a statement that takes too long is an outage, and its session serves the next one', async () => {
  const database = open({ queryTimeoutMs: 200 });
  expect(await select(database, 'pg_sleep(20)').catch(codeOf)).toBe('unavailable');
  expect((await select(database)).rows).toEqual([{ it: 1 }]);
});

test('a server that stops answering is an outage, and its session is not used again', async () => {
  const { hostname, port } = new URL(server.url);
  const line: Proxy = await startProxy({ host: hostname, port: Number(port) });
  ends.push(() => line.close());
  const url = new URL(server.url);
  url.host = `127.0.0.1:${line.port}`;
  const database = open({ url: url.href, queryTimeoutMs: 200 });
  await select(database);
  line.stall();
  expect(await select(database).catch(codeOf)).toBe('unavailable');
  expect((await select(database)).rows).toEqual([{ it: 1 }]);
});

test('a statement without a limit may take its time', async () => {
  const database = open({ queryTimeoutMs: 0 });
  const { rows } = await sql`show statement_timeout`.execute(database.kysely);
  expect(rows).toEqual([{ statement_timeout: '0' }]);
});

test('cancelled work that waits for a connection does not get one', async () => {
  const database = open({ name: 'waits' });
  const slow = select(database, 'pg_sleep(0.5)');
  const cancel = new AbortController();
  const waiting = withCancellation(cancel.signal, () => select(database));
  cancel.abort(new Error('the caller has gone'));
  await expect(waiting).rejects.toThrow('the caller has gone');
  await slow;
  expect((await select(database)).rows).toEqual([{ it: 1 }]);
});

test('the server ends the statement of cancelled work', async () => {
  const database = open({ name: 'cancelled', queryTimeoutMs: 0 });
  const cancel = new AbortController();
  const slow = withCancellation(cancel.signal, () => select(database, 'pg_sleep(600)')).catch(codeOf);
  await eventually(async () => expect(await running('cancelled')).toBe(1));
  cancel.abort();
  expect(await slow).toBe('unavailable');
  await eventually(async () => expect(await running('cancelled')).toBe(0));
});

test('what cancelled work has left running is not cancelled with it', async () => {
  const database = open({});
  const cancel = new AbortController();
  let goOn: () => void = () => undefined;
  const signalled = new Promise<void>((resolve) => (goOn = resolve));
  let left: Promise<unknown> = Promise.resolve();
  await withCancellation(cancel.signal, () => {
    left = signalled.then(() => select(database));
    return Promise.resolve();
  });
  cancel.abort();
  goOn();
  await expect(left).resolves.toMatchObject({ rows: [{ it: 1 }] });
});
