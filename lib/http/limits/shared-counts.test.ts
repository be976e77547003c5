import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../../tests/lib-support/app';
import { createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import { startProxy } from '../../../tests/lib-support/proxy';
import { openDatabase } from '../../db/database';
import { createRoutes } from '../routes';
import { rateLimitMigrations } from './migrations';
import { createRateLimiters } from './rate-limiters';

let server: TestDatabase<unknown>;
beforeAll(async () => {
  server = await createTestDatabase(rateLimitMigrations);
});
afterAll(() => server.drop());

const limits = { read: { quota: 2, windowSeconds: 60 } };

/** An API process that counts in the database at this address. */
async function startProcess(url: string): Promise<{ api: TestApp; stop: () => Promise<void> }> {
  const database = openDatabase<unknown>({ url, name: 'rate limits' });
  const routes = createRoutes();
  routes.get('/notes', (c) => c.json({ notes: [] }));
  const api = await createTestApp(routes, { limits: { rates: createRateLimiters(limits, database.pool) } });
  return { api, stop: () => database.close() };
}

/** Without a token: the caller is the same in every process. */
const read = async ({ api }: { api: TestApp }): Promise<number> =>
  (await api.call('GET', '/notes', undefined, { authorization: '' })).status;

test('processes with one database count the requests of a caller together', async () => {
  const processes = [await startProcess(server.url), await startProcess(server.url)] as const;
  const [one, other] = processes;
  expect([await read(one), await read(other)]).toEqual([200, 200]);
  expect([await read(one), await read(other)]).toEqual([429, 429]);
  for (const { stop } of processes) await stop();
});

test('while the database is unavailable, each process counts for itself', async () => {
  const url = new URL(server.url);
  const line = await startProxy({ host: url.hostname, port: Number(url.port) });
  url.host = `127.0.0.1:${line.port}`;
  const one = await startProcess(url.href);
  line.cut();
  expect([await read(one), await read(one), await read(one)]).toEqual([200, 200, 429]);
  await one.stop();
  await line.close();
});
