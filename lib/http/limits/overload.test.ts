import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestApp } from '../../../tests/lib-support/app';
import { product } from '../../../tests/lib-support/product';
import { createMetrics } from '../../telemetry/metrics';
import { createRoutes } from '../routes';
import { startServer, type RunningServer } from '../server';
import { createAdmission, isSaturated } from './overload';

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** Serves `/wait`, which answers when the function that is returned is called. */
async function serve(options: { maxLimit: number; maxConnections?: number; refuseAfterMs?: number }) {
  const { maxLimit, refuseAfterMs = 0, ...rest } = options;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const routes = createRoutes();
  routes.on(['GET', 'POST'], '/wait', async (c) => {
    await finished;
    return c.json({});
  });
  routes.get('/notes/stream', async (c) => {
    await finished;
    return c.json({});
  });
  const { app } = await createTestApp(routes);
  const admission = createAdmission({ minLimit: 1, calmLimit: 1, maxLimit, targetMs: 50 });
  const server = await startServer(app, {
    port: 0,
    host: '127.0.0.1',
    product,
    overload: { admission, metrics: createMetrics(), refuseAfterMs },
    ...rest,
  });
  servers.push(server);
  const call = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { call, finish, port: server.port };
}

test('requests beyond the limit are refused before they begin, with when to try again, and taken on when others have ended', async () => {
  const { call, finish } = await serve({ maxLimit: 2 });
  const under = [call('/wait'), call('/wait')];
  // Answered by the app: they have arrived.
  await call('/healthz');
  const refused = await call('/wait', { method: 'POST', body: '{}' });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ code: 'overloaded', status: 503, instance: '/wait' });
  expect((await call('/readyz')).status).toBe(503); // Not started, and answered all the same.
  finish();
  for (const answer of under) expect((await answer).status).toBe(200);
  expect((await call('/wait')).status).toBe(200);
});

test('a refusal is held back, and holds back nobody else', async () => {
  const { call, finish } = await serve({ maxLimit: 1, refuseAfterMs: 60_000 });
  const under = call('/wait');
  await call('/healthz');
  const giveUp = new AbortController();
  let isAnswered = false;
  const refused = call('/wait', { signal: giveUp.signal }).then(
    () => (isAnswered = true),
    () => undefined,
  );
  expect((await call('/healthz')).status).toBe(200);
  finish();
  expect((await under).status).toBe(200);
  expect((await call('/wait')).status).toBe(200);
  expect(isAnswered).toBe(false);
  giveUp.abort();
  await refused;
});

test('a caller that leaves makes room', async () => {
  const { call, finish } = await serve({ maxLimit: 1 });
  const leaving = new AbortController();
  const left = call('/wait', { signal: leaving.signal }).catch(() => undefined);
  await call('/healthz');
  expect((await call('/wait')).status).toBe(503);
  leaving.abort();
  await left;
  finish();
  let status = 503;
  while (status === 503) ({ status } = await call('/wait'));
  expect(status).toBe(200);
});

test('streams do not take the places of requests', async () => {
  const { call, finish } = await serve({ maxLimit: 1 });
  const streams = [call('/notes/stream'), call('/notes/stream')];
  await call('/healthz');
  const request = call('/wait');
  finish();
  expect((await request).status).toBe(200);
  for (const stream of streams) expect((await stream).status).toBe(200);
});

test('further connections than may be open are closed', async () => {
  const { port } = await serve({ maxLimit: 10, maxConnections: 1 });
  const first = connect(port, '127.0.0.1');
  await once(first, 'connect');
  const second = connect(port, '127.0.0.1');
  second.on('error', () => undefined); // Closed or reset.
  await once(second, 'close');
  expect(first.destroyed).toBe(false);
  first.destroy();
});

const calm = { minLimit: 4, calmLimit: 40, maxLimit: 100, targetMs: 30 };
let clock = 0;
let admission = createAdmission();
beforeEach(() => {
  admission = createAdmission({ ...calm, now: () => clock });
});

/**
 * One interval in which each of these clients asks once, and all that are admitted take `ms`; then the limit is adjusted.
 * Returns how many are admitted.
 */
function pass(clients: number, ms: number, { isSaturated = true } = {}): number {
  const leaves = Array.from({ length: clients }, () => admission.enter({})).filter((leave) => leave !== undefined);
  clock += ms;
  leaves.forEach((leave) => leave());
  admission.adjust(isSaturated);
  return leaves.length;
}

test('a crowd that waits for a saturated process: the limit falls before it is reached, at once to what a calm process admits', () => {
  expect(pass(60, 60)).toBe(60);
  expect(admission.limit()).toBe(40);
});

test('the limit falls further, until admitted requests are fast', () => {
  pass(200, 60);
  const limits = Array.from({ length: 12 }, () => {
    pass(200, 60);
    return admission.limit();
  });
  expect(limits).toEqual([32, 25, 20, 16, 12, 9, 7, 5, 4, 4, 4, 4]);
  pass(200, 20);
  expect(admission.limit()).toBe(5);
});

test('slow requests do not lower the limit while the process could do more', () => {
  expect(pass(70, 500, { isSaturated: false })).toBe(70);
  expect(admission.limit()).toBe(84);
});

test('fast requests do not lower the limit, however busy the process is', () => {
  expect(pass(70, 20)).toBe(70);
  expect(admission.limit()).toBe(84);
});

test('a calm process admits a burst of twice as many, and more only after it has shown that it can take them', () => {
  for (let n = 0; n < 10; n += 1) pass(10, 10, { isSaturated: false });
  expect(pass(200, 20, { isSaturated: false })).toBe(80);
  for (let n = 0; n < 10; n += 1) pass(200, 20, { isSaturated: false });
  expect(pass(200, 20, { isSaturated: false })).toBe(100);
});

test('nothing is refused of what a calm process admits, however slow and saturated it is', () => {
  for (let n = 0; n < 10; n += 1) expect(pass(40, 500)).toBe(40);
});

test('clients that ask again at once do not look like a crowd: after overload all are admitted in the next interval', () => {
  for (let n = 0; n < 10; n += 1) pass(200, 60);
  const clients = Array.from({ length: 40 }, () => ({}));
  const leaves = clients.flatMap((client) => admission.enter(client) ?? []);
  expect(leaves.length).toBeLessThan(40);
  for (let again = 0; again < 100; again += 1)
    for (const client of clients.slice(leaves.length)) admission.enter(client);
  clock += 60;
  leaves.forEach((leave) => leave());
  admission.adjust(true);
  expect(pass(40, 60)).toBe(40);
});

test('when overload is over, the limit grows back', () => {
  for (let n = 0; n < 10; n += 1) pass(200, 60);
  pass(10, 10, { isSaturated: false });
  expect(admission.limit()).toBe(40);
  for (let n = 0; n < 20; n += 1) pass(60, 10, { isSaturated: false });
  expect(admission.limit()).toBe(100);
});

test('requests on one connection count one by one', () => {
  const connection = {};
  const leaves = Array.from({ length: 200 }, () => admission.enter(connection)).filter((leave) => leave !== undefined);
  expect(leaves.length).toBe(80);
});

test.each([
  ['an event loop that is never idle', 0.97, 0, true],
  ['an event loop that is idle at times', 0.9, 0, false],
  ['a pool for whose connections many wait', 0.2, 41, true],
  ['a pool for whose connections some wait', 0.2, 40, false],
])('%s', (_, utilization, waitingCount, expected) => {
  expect(isSaturated(utilization, [{ waitingCount, options: { max: 10 } }])).toBe(expected);
});
