import { beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { idempotencyKey, requestHash } from './idempotency';
import { createRoutes } from './routes';

let http: TestApp;
beforeAll(async () => {
  const routes = createRoutes();
  routes.post('/', (c) => c.json({ key: idempotencyKey(c) }));
  http = await createTestApp(routes);
});

test('the key of a request is read', async () => {
  const key = '~'.repeat(255);
  expect(await http.call('POST', '/', {}, { 'idempotency-key': key })).toMatchObject({ status: 200, body: { key } });
});

test.each([
  ['0192F3A0-0000-7000-8000-00000000000A', '0192f3a0-0000-7000-8000-00000000000a'],
  ['Order-0192F3A0-0000-7000-8000-00000000000A', 'Order-0192F3A0-0000-7000-8000-00000000000A'],
  ['KEY', 'KEY'],
])('the key %p is %p: only a UUID is the same in capitals', async (sent, key) => {
  expect(await http.call('POST', '/', {}, { 'idempotency-key': sent })).toMatchObject({ status: 200, body: { key } });
});

test.each([
  [{}, 'idempotency-key-missing'],
  [{ 'idempotency-key': '' }, 'idempotency-key-missing'],
  [{ 'idempotency-key': 'x'.repeat(256) }, 'invalid-request'],
  [{ 'idempotency-key': 'a b' }, 'invalid-request'],
  [{ 'idempotency-key': 'é' }, 'invalid-request'],
])('%j is refused', async (headers, code) => {
  expect(await http.call('POST', '/', {}, headers)).toMatchObject({ status: 400, body: { code } });
});

test('the same body has the same fingerprint, whatever the order of its keys', () => {
  expect(requestHash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(requestHash({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(requestHash({ a: [1, 2] })).not.toBe(requestHash({ a: [2, 1] }));
  expect(requestHash({ a: 1 })).not.toBe(requestHash({ a: '1' }));
});
