import { once } from 'node:events';
import { connect } from 'node:net';
import { createRoute } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { product } from '../../tests/lib-support/product';
import { createTestApp } from '../../tests/lib-support/app';
import { authenticated } from './auth';
import { createRoutes, jsonAnswer, jsonBody } from './routes';
import { startServer, type RunningServer } from './server';

let server: RunningServer;
let token: string;
beforeAll(async () => {
  const routes = createRoutes();
  const responses = { 200: jsonAnswer(z.unknown(), 'The note') };
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/notes',
      middleware: authenticated,
      request: { body: jsonBody(z.strictObject({ note: z.string() })) },
      responses,
    }),
    (c) => c.json(c.req.valid('json'), 200),
  );
  const http = await createTestApp(routes);
  token = await http.token('operator');
  server = await startServer(http.app, { port: 0, host: '127.0.0.1', product });
});
afterAll(() => server.stop());

/** Sends raw bytes, and returns everything that the server sends until it closes. */
async function exchange(...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('error', () => undefined); // A server that refuses a long body may reset the connection.
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return answer;
}
const head = (...lines: string[]) =>
  [
    'POST /notes HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');
const withBody = (body: string | Buffer) => [head(`Content-Length: ${Buffer.byteLength(body)}`), body] as const;

test('a body over the socket reaches its handler', async () => {
  expect(await exchange(...withBody('{"note":"Grüße 🎉"}'))).toContain('{"note":"Grüße 🎉"}');
});

test('a chunked body that grows over the limit is refused with 413', async () => {
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
  const answer = await exchange(head('Transfer-Encoding: chunked'), chunk.repeat(17), '0\r\n\r\n');
  expect(answer).toContain('HTTP/1.1 413');
  expect(answer).toContain('"code":"body-too-large"');
});

test('a chunked body within the limit is accepted', async () => {
  const answer = await exchange(head('Transfer-Encoding: chunked'), '7\r\n{"note"\r\n6\r\n:"hi"}\r\n0\r\n\r\n');
  expect(answer).toContain('{"note":"hi"}');
});

test('a body with too large a Content-Length is refused before it is read', async () => {
  expect(await exchange(head('Content-Length: 262145'))).toContain('HTTP/1.1 413');
});

test('a body that is not UTF-8 is refused with 400', async () => {
  const answer = await exchange(
    ...withBody(Buffer.from([...Buffer.from('{"note":"'), 0xff, 0xfe, ...Buffer.from('"}')])),
  );
  expect(answer).toContain('HTTP/1.1 400');
  expect(answer).toContain('"field":"note"');
});

test('a body without a content type is refused with 415', async () => {
  const [lines, body] = withBody('{"note":"hi"}');
  expect(await exchange(lines.replace('Content-Type: application/json\r\n', ''), body)).toContain('HTTP/1.1 415');
});

test.each([
  ['GET /\\evil HTTP/1.1\r\nHost: localhost'],
  ['GET / HTTP/1.1\r\nHost: a b'],
  ['GET http://[bad/ HTTP/1.1\r\nHost: localhost'],
  ['GET / HTTP/1.0'],
])('the request %p is answered with 400, as a problem', async (lines) => {
  const answer = await exchange(`${lines}\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400/);
  expect(answer).toContain('"code":"invalid-request"');
});

test('stopping lets a running request finish, and closes all connections', async () => {
  let begin: () => void = () => undefined;
  let finish: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const routes = createRoutes();
  routes.get('/slow', async (c) => {
    begin();
    await new Promise<void>((resolve) => (finish = resolve));
    return c.json({ done: true });
  });
  const slow = await startServer((await createTestApp(routes)).app, { port: 0, host: '127.0.0.1', product });
  const answer = fetch(`http://127.0.0.1:${slow.port}/slow`);
  await begun;
  const stopped = slow.stop();
  await expect(fetch(`http://127.0.0.1:${slow.port}/healthz`)).rejects.toThrow();
  finish();
  expect(await (await answer).json()).toEqual({ done: true });
  await stopped;
});

test('a port that is taken is an error', async () => {
  const { app } = await createTestApp(createRoutes());
  await expect(startServer(app, { port: server.port, host: '127.0.0.1', product })).rejects.toThrow('EADDRINUSE');
});
