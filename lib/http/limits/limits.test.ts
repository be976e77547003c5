import { expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../../tests/lib-support/app';
import type { AppLimits } from '../app';
import { authenticated } from '../auth';
import { answerSse } from '../server-sent-events';
import { createRoutes } from '../routes';
import { startServer } from '../server';
import { trustProxies } from '../client-address';
import { product } from '../../../tests/lib-support/product';
import { createRateLimiters } from './rate-limiters';

/** Serves notes that are read at once, never, and as a stream. */
function serve(limits: AppLimits): Promise<TestApp> {
  const routes = createRoutes();
  routes.use('/notes', authenticated);
  routes.get('/notes', (c) => c.json({ notes: [] }));
  routes.post('/notes', (c) => c.json({ note: 1 }));
  routes.on(['GET', 'POST'], '/never', () => new Promise<Response>(() => undefined));
  routes.get('/notes/stream', authenticated, (c) =>
    answerSse(c, { next: () => Promise.resolve([]), subscribe: () => () => undefined }),
  );
  return createTestApp(routes, { limits });
}

const limited = (quota: number): AppLimits => ({
  rates: createRateLimiters({ read: { quota, windowSeconds: 60 } }),
});

test('a caller over the limit is answered 429, with when to try again, and others go on', async () => {
  const http = await serve(limited(2));
  const first = await http.call('GET', '/notes');
  expect(first.status).toBe(200);
  expect(first.headers.get('ratelimit-policy')).toBe('"read";q=2;w=60');
  expect(first.headers.get('ratelimit')).toBe('"read";r=1;t=60');
  await http.call('GET', '/notes');
  const third = await http.call('GET', '/notes');
  expect(third).toMatchObject({ status: 429, body: { code: 'too-many-requests', retryAfterSeconds: 60 } });
  expect(third.headers.get('retry-after')).toBe('60');
  const another = { authorization: `Bearer ${await http.token('member')}` };
  expect((await http.call('GET', '/notes', undefined, another)).status).toBe(200);
});

test('reading and changing are counted apart, and what has no limit is not counted', async () => {
  const http = await serve(limited(1));
  await http.call('GET', '/notes');
  expect((await http.call('GET', '/notes')).status).toBe(429);
  const changed = await http.call('POST', '/notes', {});
  expect(changed.status).toBe(200);
  expect(changed.headers.get('ratelimit')).toBeNull();
});

test('tokens that are made up do not begin a new count', async () => {
  const http = await serve(limited(3));
  const forged = (n: number) => http.call('GET', '/notes', undefined, { authorization: `Bearer forged.${n}.token` });
  expect((await forged(1)).status).toBe(401);
  await forged(2);
  await forged(3);
  expect((await forged(4)).status).toBe(429);
});

test.each<[string, readonly string[], number]>([
  ['behind a trusted proxy, each client has a count of its own', ['127.0.0.0/8'], 401],
  ['a header that no trusted proxy has sent does not begin a new count', [], 429],
])('%s', async (_, networks, status) => {
  const http = await serve({ ...limited(1), trustedProxies: trustProxies(networks) });
  const server = await startServer(http.app, { host: '127.0.0.1', port: 0, product });
  const ask = (client: string) =>
    fetch(`http://127.0.0.1:${server.port}/notes`, { headers: { 'x-forwarded-for': `203.0.113.9, ${client}` } });
  expect((await ask('198.51.100.1')).status).toBe(401);
  expect((await ask('198.51.100.2')).status).toBe(status);
  // What the client wrote itself does not count.
  expect((await ask('198.51.100.1')).status).toBe(429);
  await server.stop();
});

test('health is not limited', async () => {
  const http = await serve(limited(1));
  for (let n = 0; n < 5; n += 1) expect((await http.call('GET', '/healthz')).status).toBe(200);
});

test('a request without an answer in time is answered 503; a change may still be carried out', async () => {
  const http = await serve({ deadlineMs: 50 });
  const read = await http.call('GET', '/never');
  expect(read).toMatchObject({ status: 503, body: { code: 'deadline-exceeded' } });
  expect(read.headers.get('retry-after')).toBe('1');
  const change = await http.call('POST', '/never', {});
  expect(change.body['detail']).toContain('the same Idempotency-Key');
});

test('a caller may have some streams open, and opens another when one has ended', async () => {
  const http = await serve({ streamsPerCaller: 2 });
  const authorization = `Bearer ${await http.token('member')}`;
  const open = async () => http.app.request('/notes/stream', { headers: { authorization } });
  const [first, second] = [await open(), await open()];
  expect(second.status).toBe(200);
  expect((await open()).status).toBe(429);
  await first.body?.cancel();
  const third = await open();
  expect(third.status).toBe(200);
  for (const { body } of [second, third]) await body?.cancel();
});

test('answers are not kept, not sniffed, and not framed, refusals as well', async () => {
  const http = await serve({});
  for (const path of ['/notes', '/nowhere', '/healthz']) {
    const { headers } = await http.call('GET', path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
  for (const page of ['/docs', '/']) {
    const { headers } = await http.call('GET', page, undefined, { accept: 'text/html' });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
  const script = await http.call('GET', '/docs/start.js');
  expect(script.body['text']).not.toContain('persistAuthorization');
});
