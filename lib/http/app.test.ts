import { createRoute } from '@hono/zod-openapi';
import { beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../tests/lib-support/app';
import { latch } from '../../tests/lib-support/latch';
import { activeCancellation } from '../async/cancellation';
import { sleep } from '../async/wait';
import { platformError } from '../errors/errors';
import { createLogger } from '../telemetry/logger';
import { actor, authenticated, requiresScope } from './auth';
import { createRoutes, jsonAnswer, jsonBody, problems } from './routes';

const note = z.strictObject({
  note: z.string(),
  items: z.array(z.strictObject({ tag: z.string(), quantity: z.int().min(1) })).min(1),
});
const anything = jsonAnswer(z.unknown(), 'Anything');
const middleware = authenticated;

const arrived = latch();

/** Waits as for a database connection: until the work is cancelled. */
async function noConnection(): Promise<void> {
  const cancellation = activeCancellation() ?? AbortSignal.abort();
  arrived.open();
  while (!cancellation.aborted) await sleep(1_000, cancellation);
  // What `throwIfAborted` throws; in Jest, its own is no Error.
  throw Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });
}

function createNoteRoutes() {
  const routes = createRoutes();
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/notes',
      middleware,
      request: { body: jsonBody(note) },
      responses: { 200: anything, ...problems(400) },
    }),
    (c) => c.json({ note: c.req.valid('json'), by: actor(c) }, 200),
  );
  routes.openapi(
    createRoute({
      method: 'get',
      path: '/notes/{name}',
      middleware,
      request: {
        params: z.strictObject({ name: z.string() }),
        query: z.strictObject({ limit: z.coerce.number().max(9).optional() }),
      },
      responses: { 200: anything },
    }),
    async (c) => {
      const { name } = c.req.valid('param');
      if (name === 'late') await noConnection();
      if (name === 'bug') throw new Error('the secret plan failed');
      if (name === 'gone') throw platformError('not-found', 'There is no note gone', { details: { since: 'noon' } });
      if (name === 'outage') throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      return c.json({ name }, 200);
    },
  );
  routes.openapi(
    createRoute({
      method: 'delete',
      path: '/notes',
      ...requiresScope('ops:read'),
      responses: { 200: anything },
    }),
    (c) => c.json({}, 200),
  );
  return routes;
}

const logged: string[] = [];
let http: TestApp;
beforeAll(async () => {
  const logger = createLogger({
    name: 'test',
    level: 'info',
    destination: { write: (line) => void logged.push(line) },
  });
  http = await createTestApp(createNoteRoutes(), { logger });
});

const item = { tag: 'A', quantity: 1 };
const valid = { note: 'hi', items: [item] };

test('a valid request reaches its handler', async () => {
  const { status, body } = await http.call('POST', '/notes', valid);
  expect(status).toBe(200);
  expect(body).toMatchObject({ note: valid, by: { role: 'operator' } });
});

const surrogate = String.raw`{"note":"\ud800","items":[{"tag":"A","quantity":1}]}`;
test.each<[string, unknown, string, string | undefined]>([
  ['no JSON', '{"note":', 'malformed-json', undefined],
  ['an empty body', '', 'malformed-json', undefined],
  ['a raw control character', '{"note":"\u0000"}', 'malformed-json', undefined],
  ['no body at all', undefined, 'malformed-json', undefined],
  ['an array', [], 'invalid-request', '$'],
  ['null', null, 'invalid-request', '$'],
  ['a number', 17, 'invalid-request', '$'],
  ['a missing field', { note: 'hi' }, 'invalid-request', 'items'],
  ['an unknown field', { ...valid, colour: 'red' }, 'invalid-request', 'colour'],
  ['an unknown field inside', { ...valid, items: [{ ...item, colour: 'red' }] }, 'invalid-request', 'items[0].colour'],
  [
    'a field that would change the prototype',
    '{"note":"","items":[{"tag":"A","quantity":1}],"__proto__":{}}',
    'invalid-request',
    '__proto__',
  ],
  ['a wrong type', { ...valid, note: 7 }, 'invalid-request', 'note'],
  ['a fraction', { ...valid, items: [item, { tag: 'B', quantity: 1.5 }] }, 'invalid-request', 'items[1].quantity'],
  ['zero', { ...valid, items: [{ ...item, quantity: 0 }] }, 'invalid-request', 'items[0].quantity'],
  ['an infinite number', '{"note":"","items":[{"tag":"A","quantity":1e999}]}', 'invalid-request', 'items[0].quantity'],
  [
    'a number beyond 2^53',
    '{"note":"","items":[{"tag":"A","quantity":9007199254740993}]}',
    'invalid-request',
    'items[0].quantity',
  ],
  ['an empty list', { ...valid, items: [] }, 'invalid-request', 'items'],
  ['a NUL', { ...valid, note: 'a\u0000b' }, 'invalid-request', 'note'],
  ['half a surrogate pair', surrogate, 'invalid-request', 'note'],
  ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000), 'invalid-request', '$'],
])('%s is refused', async (_what, sent, code, field) => {
  const { status, body, headers } = await http.call('POST', '/notes', sent);
  expect(status).toBe(400);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(body).toMatchObject({
    type: `https://notes.example/problems/${code}`,
    status: 400,
    code,
    instance: '/notes',
    correlationId: headers.get('x-correlation-id'),
  });
  expect(body['field']).toBe(field);
});

test('a refusal names every fault', async () => {
  const { body } = await http.call('POST', '/notes', { note: 1, items: [{ tag: 'A', quantity: -1, a: 1, b: 2 }] });
  expect(body['errors']).toEqual([
    { field: 'note', message: expect.any(String) },
    { field: 'items[0].quantity', message: expect.any(String) },
    { field: 'items[0].a', message: 'Unknown field' },
    { field: 'items[0].b', message: 'Unknown field' },
  ]);
});

test('a problem names twenty faults at most', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`field${n}`, n]));
  const { body } = await http.call('POST', '/notes', { ...valid, ...unknown });
  expect(body['errors']).toHaveLength(20);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'nonsense', ''])(
  'the content type %p is refused with 415',
  async (type) => {
    const { status, body } = await http.call('POST', '/notes', valid, { 'content-type': type });
    expect({ status, code: body['code'] }).toEqual({ status: 415, code: 'unsupported-media-type' });
  },
);

test('JSON with a charset is JSON', async () => {
  const { status } = await http.call('POST', '/notes', valid, { 'content-type': 'application/json; charset=utf-8' });
  expect(status).toBe(200);
});

test('a body of more than 256 KiB is refused with 413, one of just 256 KiB is not', async () => {
  const bytes = (length: number) => JSON.stringify({ note: ' '.repeat(length - 11) });
  expect(await http.call('POST', '/notes', bytes(262_145))).toMatchObject({
    status: 413,
    body: { code: 'body-too-large' },
  });
  expect(await http.call('POST', '/notes', bytes(262_144))).toMatchObject({ status: 400, body: { field: 'items' } });
});

test.each([
  ['GET', '/nowhere', 404, 'not-found'],
  ['OPTIONS', '/notes', 405, 'method-not-allowed'],
  ['PROPFIND', '/notes', 405, 'method-not-allowed'],
  ['PUT', '/notes', 405, 'method-not-allowed'],
  ['GET', '/notes/gone', 404, 'not-found'],
  ['GET', '/notes/%00', 400, 'invalid-request'],
  ['GET', '/notes/%ff', 200, undefined],
  ['GET', '/notes/%', 200, undefined],
  ['GET', '/notes/%EF%BF%BD', 400, 'invalid-request'],
  ['GET', '/notes/a?limit=10', 400, 'invalid-request'],
  ['GET', '/notes/a?limit=x&limit=y', 400, 'invalid-request'],
  ['GET', '/notes/a?surprise=1', 400, 'invalid-request'],
  ['GET', '/notes/outage', 503, 'unavailable'],
])('%s %s answers %i', async (method, path, status, code) => {
  const answer = await http.call(method, path);
  expect(answer.status).toBe(status);
  if (code !== undefined) expect(answer.body).toMatchObject({ status, code });
});

test('HEAD returns what GET returns, without a body', async () => {
  expect(await http.call('HEAD', '/notes/a')).toMatchObject({ status: 200, body: { text: '' } });
  expect(await http.call('HEAD', '/nowhere')).toMatchObject({ status: 404, body: { text: '' } });
});

test('the details of an error are members of its problem', async () => {
  expect((await http.call('GET', '/notes/gone')).body).toMatchObject({
    detail: 'There is no note gone',
    since: 'noon',
  });
});

test('a bug is a 500 that reveals nothing, and is logged with its stack', async () => {
  const { status, body } = await http.call('GET', '/notes/bug', undefined, { 'x-correlation-id': 'bug-1' });
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain('secret plan');
  const line = logged
    .map((one) => JSON.parse(one) as Record<string, unknown>)
    .find(({ level, correlationId }) => level === 'error' && correlationId === 'bug-1');
  expect(line).toMatchObject({
    err: { message: 'the secret plan failed', stack: expect.any(String) },
  });
});

test('the correlation id of the caller is used, returned and logged', async () => {
  const { headers } = await http.call('POST', '/notes', valid, { 'x-correlation-id': 'call-17' });
  expect(headers.get('x-correlation-id')).toBe('call-17');
  expect(logged.join('')).toContain('"correlationId":"call-17","method":"POST","path":"/notes","status":200');
});

test('a request is logged with its caller, reads as well', async () => {
  await http.call('GET', '/notes/a', undefined, {
    'x-correlation-id': 'read-1',
    authorization: `Bearer ${await http.token('member')}`,
  });
  const line = logged
    .map((one) => JSON.parse(one) as Record<string, unknown>)
    .find((one) => one['correlationId'] === 'read-1');
  expect(line).toMatchObject({ path: '/notes/a', actor: expect.any(String) as unknown });
});

test.each([undefined, 'a b', 'x'.repeat(129), '"><script>', 'ünsafe'.normalize('NFD').replace(/[^ -~]/g, '!')])(
  'the correlation id %p is replaced by a new one',
  async (sent) => {
    const { headers } = await http.call(
      'GET',
      '/notes/a',
      undefined,
      sent === undefined ? {} : { 'x-correlation-id': sent },
    );
    expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test('the trace of the caller is continued in a new span', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { headers } = await http.call('GET', '/notes/a', undefined, { traceparent });
  expect(headers.get('traceparent')).toMatch(
    /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
  );
});

test('requests are counted by route, not by path, with their latency', async () => {
  await http.call('GET', '/notes/metered');
  await http.call('GET', '/nowhere/at/all');
  const { body, headers } = await http.call('GET', '/metrics');
  expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(body['text']).toMatch(
    /http_request_duration_seconds_count\{method="GET",route="\/notes\/:name",status="200"\} \d+/,
  );
  expect(body['text']).toMatch(
    /http_request_duration_seconds_bucket\{le="0.005",method="GET",route="unmatched",status="404"\} \d+/,
  );
  expect(body['text']).not.toContain('metered');
});

test('healthz is ok at once, readyz from when everything has started until draining begins', async () => {
  const fresh = await createTestApp(createRoutes());
  expect(await fresh.call('GET', '/healthz')).toMatchObject({ status: 200 });
  expect(await fresh.call('GET', '/readyz')).toMatchObject({ status: 503, body: { waitingFor: ['starting'] } });
  fresh.lifecycle.setReady();
  expect(await fresh.call('GET', '/readyz')).toMatchObject({ status: 200 });
  await fresh.lifecycle.shutdown();
  expect(await fresh.call('GET', '/readyz')).toMatchObject({ status: 503, body: { waitingFor: ['draining'] } });
});

test('the document lists the mounted routes, from their schemas, behind a bearer token', async () => {
  const { body } = await http.call('GET', '/openapi.json');
  expect(body).toMatchObject({
    openapi: '3.1.0',
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    paths: {
      '/notes': {
        post: {
          requestBody: { required: true },
          responses: {
            400: { $ref: '#/components/responses/BadRequest' },
          },
        },
      },
      '/notes/{name}': { get: {} },
    },
  });
});

test('the docs are served without a CDN, and link to the document', async () => {
  const page = String((await http.call('GET', '/docs')).body['text']);
  expect(page).not.toMatch(/https?:/);
  for (const [, file] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(await http.call('GET', String(file))).toMatchObject({ status: 200 });
  }
  expect((await http.call('GET', '/docs/start.js')).body['text']).toContain('/openapi.json');
});

test('a read whose client leaves while it waits is no failure: not in the log, and not among the 5xx', async () => {
  const leaving = new AbortController();
  const authorization = `Bearer ${await http.token('member')}`;
  const path = '/notes/late';
  const response = http.app.request(path, { headers: { authorization }, signal: leaving.signal });
  await arrived.opened;
  leaving.abort();
  expect((await response).status).toBe(499);
  const lines = logged.filter((line) => line.includes(path) || line.includes('AbortError'));
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ level: 'info', msg: 'request', path, status: 499 }),
  ]);
});
