import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { product } from '../../tests/lib-support/product';
import { createTestApp } from '../../tests/lib-support/app';
import { eventually } from '../../tests/lib-support/eventually';
import { authenticated } from './auth';
import type { AppContext } from './env';
import { answerSse, type SseSource } from './server-sent-events';
import { createRoutes } from './routes';
import { startServer } from './server';

/** Serves one source at `/live`; returns the port and its subscribers. */
async function serve(source: Partial<SseSource>) {
  const subscribers = new Set<() => void>();
  const routes = createRoutes();
  const answer = (c: AppContext): Response =>
    answerSse(c, {
      next: () => Promise.resolve([]),
      subscribe: (onChange) => {
        subscribers.add(onChange);
        return () => subscribers.delete(onChange);
      },
      ...source,
    });
  // With a clock, the test is about the expiry of the token.
  if ('now' in source) routes.use(authenticated);
  routes.get('/live', answer);
  const http = await createTestApp(routes);
  const authorization = `Bearer ${await http.token('operator')}`;
  return { ...(await startServer(http.app, { host: '127.0.0.1', port: 0, product })), subscribers, authorization };
}

test('a silent stream sends heartbeats, and ends when its reader disconnects', async () => {
  const server = await serve({ heartbeatMs: 10 });
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${server.port}/live`, { signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('heartbeat')) text += (await reader?.read())?.value ?? '';
  expect(server.subscribers.size).toBe(1);
  leaving.abort();
  await eventually(() => expect(server.subscribers.size).toBe(0));
  await server.stop();
});

test('a stream ends when its token expires, even while there is always more to send', async () => {
  let late = 0;
  const clock = { now: () => Date.now() + late, heartbeatMs: 5 };
  const busy = () => Promise.resolve([{ id: '1', type: 'news', data: {} }]);
  for (const source of [clock, { ...clock, next: busy }]) {
    const server = await serve(source);
    const { authorization } = server;
    const response = await fetch(`http://127.0.0.1:${server.port}/live`, { headers: { authorization } });
    await eventually(() => expect(server.subscribers.size).toBe(1));
    const reading = response.text();
    late = 13 * 3_600_000;
    expect(await reading).toMatch(/^: connected/);
    expect(server.subscribers.size).toBe(0);
    late = 0;
    await server.stop();
  }
});

test('a reader that accepts nothing is disconnected, and little was read for it', async () => {
  let reads = 0;
  const big = 'x'.repeat(1_000_000);
  const next = () => Promise.resolve([{ id: String((reads += 1)), type: 'big', data: big }]);
  const server = await serve({ next, writeTimeoutMs: 200 });
  const socket = connect(server.port, '127.0.0.1');
  socket.pause();
  await once(socket, 'connect');
  socket.write('GET /live HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually(() => expect(reads).toBeGreaterThan(0));
  await eventually(() => expect(server.subscribers.size).toBe(0));
  expect(reads).toBeLessThan(30);
  socket.destroy();
  await server.stop();
});
