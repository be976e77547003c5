import { createRoute } from '@hono/zod-openapi';
import { beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../tests/lib-support/app';
import { authenticated } from './auth';
import { createRoutes, jsonAnswer, jsonBody } from './routes';

const responses = { 200: jsonAnswer(z.unknown(), 'Anything') };
const note = z.strictObject({ text: z.string(), anything: z.unknown().optional() });
const byName = { params: z.strictObject({ name: z.string() }) };

function createNoteRoutes() {
  const routes = createRoutes();
  const shared = { path: '/notes/{name}', middleware: authenticated, responses };
  routes.openapi(createRoute({ ...shared, method: 'get', request: byName }), (c) => c.json({}, 200));
  routes.openapi(createRoute({ ...shared, method: 'patch', request: { ...byName, body: jsonBody(note) } }), (c) =>
    c.json(c.req.valid('json'), 200),
  );
  routes.openapi(createRoute({ ...shared, method: 'post', path: '/notes', request: { body: jsonBody(note) } }), (c) =>
    c.json(c.req.valid('json'), 200),
  );
  return routes;
}

const shop = 'https://shop.example';
let http: TestApp;
let open: TestApp;
beforeAll(async () => {
  http = await createTestApp(createNoteRoutes());
  open = await createTestApp(createNoteRoutes(), { corsOrigins: [shop, 'http://localhost:5173'] });
});

test.each([
  ['DELETE', '/notes/a', 'GET, HEAD, PATCH'],
  ['PUT', '/notes', 'POST'],
  ['OPTIONS', '/notes', 'POST'],
  ['PROPFIND', '/notes', 'POST'],
  ['POST', '/', 'GET, HEAD'],
  ['POST', '/healthz', 'GET, HEAD'],
  ['DELETE', '/openapi.json', 'GET, HEAD'],
])('%s %s is refused with 405, and Allow says what is taken', async (method, path, allow) => {
  const { status, body, headers } = await http.call(method, path);
  expect({ status, code: body['code'] }).toEqual({ status: 405, code: 'method-not-allowed' });
  expect(headers.get('allow')).toBe(allow);
  expect(headers.get('content-type')).toBe('application/problem+json');
});

test('an unknown path is 404 for every method', async () => {
  for (const method of ['GET', 'POST', 'OPTIONS', 'PROPFIND']) {
    const { status, headers } = await http.call(method, '/notes/a/b');
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 404, allow: null });
  }
});

test.each(['gzip', 'deflate', 'br', 'zstd', 'GZIP', 'identity, gzip', 'nonsense'])(
  'a body with Content-Encoding %p is refused with 415, and the response names what is accepted',
  async (encoding) => {
    const { status, body, headers } = await http.call('POST', '/notes', { text: '' }, { 'content-encoding': encoding });
    expect({ status, code: body['code'] }).toEqual({ status: 415, code: 'unsupported-content-encoding' });
    expect(headers.get('accept-encoding')).toBe('identity');
  },
);

test.each(['identity', 'Identity'])('a body with Content-Encoding %p is accepted', async (encoding) => {
  const sent = await http.call('POST', '/notes', { text: 'hi' }, { 'content-encoding': encoding });
  expect(sent).toMatchObject({ status: 200, body: { text: 'hi' } });
});

test.each(['APPLICATION/JSON', 'Application/Json; Charset=UTF-8'])('the content type %p is JSON', async (type) => {
  expect(await http.call('POST', '/notes', { text: '' }, { 'content-type': type })).toMatchObject({ status: 200 });
});

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
test.each<[string, string, string]>([
  ['a NUL in a value', String.raw`{"a":["\u0000"]}`, 'anything.a[0]'],
  ['half a surrogate pair in a value', String.raw`{"a":"\udc00"}`, 'anything.a'],
  ['a NUL in a name', String.raw`{"b":{"a\u0000":1}}`, 'anything.b'],
  ['half a surrogate pair in a name', String.raw`{"\ud800":1}`, 'anything'],
  ['a number that JSON cannot represent', '[1e999]', 'anything[0]'],
  ['33 levels', deep(33), `anything${'[0]'.repeat(31)}`],
  ['100,000 levels', deep(100_000), `anything${'[0]'.repeat(31)}`],
])('where anything may stand, %s is refused', async (_what, anything, field) => {
  const { status, body } = await http.call('POST', '/notes', `{"text":"","anything":${anything}}`);
  expect({ status, code: body['code'], field: body['field'] }).toEqual({
    status: 400,
    code: 'invalid-request',
    field,
  });
});

test('GET / is a page for browsers and JSON for programs, and each link leads somewhere', async () => {
  const page = await http.call('GET', '/', undefined, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
  expect(page.headers.get('content-type')).toContain('text/html');
  const { body, headers } = await http.call('GET', '/', undefined, { accept: '*/*' });
  expect(headers.get('vary')).toContain('Accept');
  const links = Object.values(body['links'] as Record<string, { href: string }>);
  expect(links.map(({ href }) => href)).toEqual(['/docs', '/openapi.json', '/asyncapi.json', '/healthz', '/readyz']);
  for (const { href } of links) {
    expect(page.body['text']).toContain(`href="${href}"`);
    expect((await http.call('GET', href)).status).not.toBe(404);
  }
});

const preflight = (origin: string) => ({
  origin,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,idempotency-key',
});

test('a page of a listed origin may call the API, and read the headers it needs and problems', async () => {
  const asked = await open.call('OPTIONS', '/notes', undefined, preflight(shop));
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(shop);
  expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
  for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID'])
    expect(asked.headers.get('access-control-allow-headers')).toContain(name);
  expect(asked.headers.has('access-control-allow-credentials')).toBe(false);
  for (const body of [{ text: 'hi' }, {}]) {
    const { headers } = await open.call('POST', '/notes', body, { origin: shop });
    expect(headers.get('access-control-allow-origin')).toBe(shop);
    expect(headers.get('access-control-expose-headers')).toContain('Location');
    expect(headers.get('vary')).toContain('Origin');
  }
});

test.each(['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null', '*'])(
  'a page of %p gets no CORS headers',
  async (origin) => {
    const asked = await open.call('OPTIONS', '/notes', undefined, preflight(origin));
    expect(asked.headers.has('access-control-allow-origin')).toBe(false);
    const { headers } = await open.call('POST', '/notes', { text: '' }, { origin });
    expect(headers.has('access-control-allow-origin')).toBe(false);
  },
);

test('without origins there is no CORS at all', async () => {
  const asked = await http.call('OPTIONS', '/notes', undefined, preflight(shop));
  expect(asked.status).toBe(405);
  const { headers } = await http.call('POST', '/notes', { text: '' }, { origin: shop });
  for (const answer of [asked.headers, headers]) expect(answer.has('access-control-allow-origin')).toBe(false);
});

test('OPTIONS that is not a preflight is a method like any other, even with origins', async () => {
  expect(await open.call('OPTIONS', '/notes')).toMatchObject({ status: 405 });
});
