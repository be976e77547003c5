import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
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
  const admission = createAdmission({ minLimit: 1, maxLimit });
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

test('the limit falls while the process is late, never below the least, and grows again where it is reached', () => {
  const admission = createAdmission({ minLimit: 4, maxLimit: 100 });
  const leaves = Array.from({ length: 50 }, () => admission.enter());
  admission.adjust(true);
  expect(admission.limit()).toBe(40);
  expect(admission.enter()).toBeUndefined();
  for (let n = 0; n < 50; n += 1) admission.adjust(true);
  expect(admission.limit()).toBe(4);
  admission.adjust(false);
  expect(admission.limit()).toBe(5);
  leaves.forEach((leave) => leave?.());
  admission.adjust(false); // Before they left it was reached.
  admission.adjust(false);
  expect(admission.limit()).toBe(6);
});
