import { beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../../tests/lib-support/app';
import { authenticated } from '../auth';
import { createRoutes } from '../routes';
import { idempotentRequest, requiredIdempotency } from './header';

let http: TestApp;
beforeAll(async () => {
  const routes = createRoutes();
  routes.post('/required', authenticated, async (c) => c.json(requiredIdempotency(c, await c.req.json())));
  routes.post('/optional', authenticated, async (c) => c.json(idempotentRequest(c, await c.req.json()) ?? {}));
  http = await createTestApp(routes);
});

const post = (path: string, key: string, body: unknown = {}) =>
  http.call('POST', path, body, { 'idempotency-key': key });

test('the key of a request is read, with its sender and its operation', async () => {
  const key = '~'.repeat(255);
  expect(await post('/required', key)).toMatchObject({ status: 200, body: { key, operation: 'POST /required' } });
});

test.each([
  ['0192F3A0-0000-7000-8000-00000000000A', '0192f3a0-0000-7000-8000-00000000000a'],
  ['Note-0192F3A0-0000-7000-8000-00000000000A', 'Note-0192F3A0-0000-7000-8000-00000000000A'],
  ['KEY', 'KEY'],
])('the key %p is %p: only a UUID is the same in capitals', async (sent, key) => {
  expect(await post('/required', sent)).toMatchObject({ status: 200, body: { key } });
});

test.each([
  [{}, 'idempotency-key-missing'],
  [{ 'idempotency-key': '' }, 'idempotency-key-missing'],
  [{ 'idempotency-key': 'x'.repeat(256) }, 'invalid-request'],
  [{ 'idempotency-key': 'a b' }, 'invalid-request'],
  [{ 'idempotency-key': 'é' }, 'invalid-request'],
])('%j is refused', async (headers, code) => {
  expect(await http.call('POST', '/required', {}, headers)).toMatchObject({ status: 400, body: { code } });
});

test('where the key is optional, a request without one has no idempotency', async () => {
  expect(await http.call('POST', '/optional', {})).toMatchObject({ status: 200, body: {} });
  expect(await post('/optional', 'x'.repeat(256))).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
});

test('the hash of a body does not depend on the order of its fields', async () => {
  const hashOf = async (body: unknown) => (await post('/required', 'k', body)).body['requestHash'];
  expect(await hashOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(await hashOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(await hashOf({ a: [1, 2] })).not.toBe(await hashOf({ a: [2, 1] }));
  expect(await hashOf({ a: 1 })).not.toBe(await hashOf({ a: '1' }));
});
