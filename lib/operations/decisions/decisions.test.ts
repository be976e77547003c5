import { randomUUID } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../../tests/lib-support/app';
import { createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import { platformError } from '../../errors/errors';
import { actor, mayActFor, requiresScope } from '../../http/auth';
import { createRoutes, jsonAnswer } from '../../http/routes';
import { createLogger } from '../../telemetry/logger';
import { createMetrics } from '../../telemetry/metrics';
import { opsMigrations } from '../migrations';
import { createDecisionLog, type RunningDecisionLog } from './decision-log';
import { createDecisionRoutes } from './routes';
import { selectDecisions } from './store';

const owner = '0192f3a0-0000-7000-8000-00000000000a';
const logged: string[] = [];
let store: TestDatabase<unknown>;
let log: RunningDecisionLog;
let http: TestApp;
const db = () => store.database.kysely;

beforeAll(async () => {
  store = await createTestDatabase<unknown>(opsMigrations);
});
afterAll(() => store.drop());

/** An app with a decision log of its own, which writes when it is stopped. */
async function open(): Promise<void> {
  await sql`delete from ops_decisions`.execute(db());
  const logger = createLogger({
    name: 'test',
    level: 'info',
    destination: { write: (line) => void logged.push(line) },
  });
  log = createDecisionLog({ db: db(), logger, metrics: createMetrics() });
  const routes = createDecisionRoutes(db());
  const change = createRoute({
    ...requiresScope('notes:write'),
    method: 'post',
    path: '/notes/{id}',
    request: { params: z.strictObject({ id: z.string() }) },
    responses: { 200: jsonAnswer(z.unknown(), 'Changed') },
  });
  const own = createRoutes().openapi(change, (c) => {
    if (!mayActFor(actor(c), owner)) throw platformError('not-found', 'There is no such note');
    return c.json({}, 200);
  });
  const operate = createRoute({
    ...requiresScope('ops:relay'),
    method: 'post',
    path: '/operate',
    responses: { 200: jsonAnswer(z.unknown(), 'Done') },
  });
  own.openapi(operate, (c) => c.json({}, 200));
  http = await createTestApp(routes.route('/', own), { decisions: log });
}
const as = async (role: 'member' | 'operator', userId: string) => ({
  authorization: `Bearer ${await http.token(role, userId)}`,
});

test('who changes something, and who may not, is written down, with scope, route, object and outcome', async () => {
  await open();
  const stranger = randomUUID();
  await http.call('POST', '/notes/n1', undefined, await as('member', owner));
  await http.call('POST', '/notes/n1', undefined, await as('member', stranger));
  await http.call('POST', '/operate', undefined, await as('member', stranger));
  await http.call('GET', '/ops/decisions');
  await log.stop();
  const written = { role: 'member', scope: 'notes:write', route: 'POST /notes/:id', object: '/notes/n1' };
  expect((await selectDecisions(db(), { limit: 10 })).reverse()).toMatchObject([
    { ...written, actor: owner, outcome: 'allowed', status: 200 },
    { ...written, actor: stranger, outcome: 'denied', status: 404 },
    { actor: stranger, scope: 'ops:relay', route: 'POST /operate', outcome: 'denied', status: 403 },
  ]);
  const { body } = await http.call('GET', '/ops/decisions?outcome=allowed');
  expect(body).toMatchObject({ items: [{ actor: owner }] });
});

test('someone who is denied again and again fills the log, not the table; someone without a token neither', async () => {
  await open();
  const stranger = await as('member', randomUUID());
  await Promise.all(Array.from({ length: 200 }, () => http.call('POST', '/operate', undefined, stranger)));
  for (let attempt = 0; attempt < 5; attempt += 1)
    await http.call('POST', '/operate', undefined, { authorization: 'Bearer made-up' });
  await log.stop();
  const written = await selectDecisions(db(), { limit: 1_000 });
  expect(written.length).toBeLessThanOrEqual(150);
  expect(written.length).toBeGreaterThan(0);
  expect(logged.filter((line) => line.includes('"msg":"denied"')).length).toBeGreaterThanOrEqual(200);
});

test('decisions wait while the database is away', async () => {
  await open();
  await sql`alter table ops_decisions rename to away`.execute(db());
  await http.call('POST', '/notes/n1', undefined, await as('member', owner));
  await log.stop();
  await sql`alter table away rename to ops_decisions`.execute(db());
  expect(await selectDecisions(db(), { limit: 10 })).toEqual([]);
  await log.stop();
  expect(await selectDecisions(db(), { limit: 10 })).toMatchObject([{ actor: owner }]);
});
