import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createRoute } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../tests/lib-support/app';
import { product } from '../../tests/lib-support/product';
import { authenticated } from './auth';
import { createRoutes, jsonAnswer, jsonBody } from './routes';
import { answerSse } from './server-sent-events';
import { startServer, type RunningServer } from './server';

// Clients that hold on to what they have been given: connections, requests, streams.

let http: TestApp;
let server: RunningServer;
const sockets = new Set<Socket>();

beforeAll(async () => {
  const routes = createRoutes();
  const responses = { 200: jsonAnswer(z.unknown(), 'The note') };
  const request = { body: jsonBody(z.strictObject({ note: z.string() })) };
  routes.openapi(createRoute({ method: 'post', path: '/notes', middleware: authenticated, request, responses }), (c) =>
    c.json(c.req.valid('json'), 200),
  );
  routes.use('/live', authenticated);
  routes.get('/live', (c) => answerSse(c, { next: () => Promise.resolve([]), subscribe: () => () => undefined }));
  http = await createTestApp(routes);
  server = await startServer(http.app, { port: 0, host: '127.0.0.1', product, receiveTimeoutMs: 500 });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
});

function open(): Socket {
  const socket = connect(server.port, '127.0.0.1');
  sockets.add(socket);
  return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
}
const health = async (): Promise<number> => (await fetch(`http://127.0.0.1:${server.port}/healthz`)).status;

/** Sends a part, then a byte now and then, for as long as the server lets it. @returns its answer. */
async function trickle(beginning: string): Promise<string> {
  const socket = open();
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write(beginning);
  const timer = setInterval(() => socket.write('a'), 50);
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(timer);
  return answer;
}

test.each([
  ['the head', () => 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
  [
    'the body',
    (token: string) =>
      `POST /notes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"note":"',
  ],
])('clients that send %s of a request byte by byte are disconnected, and others are served', async (_part, begin) => {
  const beginning = begin(await http.token('operator'));
  const answers = Promise.all(Array.from({ length: 50 }, () => trickle(beginning)));
  expect(await health()).toBe(200);
  // The reset of a connection whose client still sends may overtake the answer.
  for (const answer of await answers) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
});

test('3,000 connections that send nothing keep nobody else from being served', async () => {
  const idle = Array.from({ length: 3_000 }, open);
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  expect(await health()).toBe(200);
  for (const socket of idle) socket.destroy();
});

test('of 1,000 streams of one user those above the limit are refused, and others still get theirs', async () => {
  const openAs = async (member: string) => {
    const authorization = `Bearer ${member}`;
    return http.app.request('/live', { headers: { authorization } });
  };
  const greedy = await http.token('member');
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => openAs(greedy)));
  const opened = answers.filter(({ status }) => status === 200);
  expect([opened.length, answers.filter(({ status }) => status === 429).length]).toEqual([100, 900]);
  const other = await openAs(await http.token('member'));
  expect(other.status).toBe(200);
  for (const { body } of [...opened, other]) await body?.cancel();
});
