import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestApp } from '../../../tests/lib-support/app';
import { product } from '../../../tests/lib-support/product';
import { createMetrics } from '../../telemetry/metrics';
import { createRoutes } from '../routes';
import { startServer, type RunningServer } from '../server';
import { createAdmission } from './overload';

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** Serves `/wait`, which answers when the function that is returned is called. */
async function serve(options: { maxLimit: number; maxConnections?: number }) {
  const { maxLimit, ...rest } = options;
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
    overload: { admission, metrics: createMetrics() },
    ...rest,
  });
  servers.push(server);
  const call = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { call, finish, port: server.port };
}

test('requests beyond the limit are refused at once, with when to try again, and taken on when others have ended', async () => {
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

/** Asks for as many places as were asked for, of which `admitted` take `ms` each; then the limit is adjusted. */
function pass(asked: number, ms: number, isBehind = false) {
  const leaves = Array.from({ length: asked }, () => admission.enter()).filter((leave) => leave !== undefined);
  clock += ms;
  leaves.forEach((leave) => leave());
  admission.adjust(isBehind);
  return leaves.length;
}
let clock = 0;
let admission = createAdmission();
beforeEach(() => {
  admission = createAdmission({ minLimit: 4, calmLimit: 40, maxLimit: 100, targetMs: 30, now: () => clock });
});

test('the limit falls while the process is behind, and grows again where it is reached', () => {
  pass(60, 10, true);
  expect(admission.limit()).toBe(48);
  pass(48, 10);
  expect(admission.limit()).toBe(51);
  pass(20, 10);
  expect(admission.limit()).toBe(51);
});

test('the limit falls until admitted requests are fast, as long as others are refused', () => {
  for (let n = 0; n < 10; n += 1) pass(200, 60);
  expect(admission.limit()).toBe(9);
  for (let n = 0; n < 10; n += 1) pass(200, 60);
  expect(admission.limit()).toBe(4);
  pass(200, 20);
  expect(admission.limit()).toBe(5);
});

test('nothing is refused of what a calm process admits, however slow it is', () => {
  for (let n = 0; n < 10; n += 1) expect(pass(40, 500, true)).toBe(40);
  for (let n = 0; n < 10; n += 1) pass(200, 60);
  pass(3, 60);
  expect(pass(40, 60)).toBe(40);
});
