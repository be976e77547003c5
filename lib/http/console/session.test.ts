import { expect, test } from '@jest/globals';
import { createRoute, z } from '@hono/zod-openapi';
import { createTestApp } from '../../../tests/lib-support/app';
import { authenticated } from '../auth';
import { createRoutes, jsonAnswer } from '../routes';
import { createSignInCodes } from './codes';

const routes = createRoutes();
routes.openapi(
  createRoute({
    method: 'get',
    path: '/notes',
    summary: 'List notes',
    middleware: authenticated,
    responses: { 200: jsonAnswer(z.object({}), 'The notes') },
  }),
  (c) => c.json({}, 200),
);

test.each<[string, Record<string, string>, number]>([
  ['a page of this origin', { 'sec-fetch-site': 'same-origin' }, 200],
  ['the console, where the browser does not say', { 'x-console': '1' }, 200],
  ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 401],
  ['another site with the header of the console', { 'sec-fetch-site': 'cross-site', 'x-console': '1' }, 401],
  ['a sibling domain', { 'sec-fetch-site': 'same-site' }, 401],
  ['an address that was typed', { 'sec-fetch-site': 'none' }, 401],
  ['nobody who says so', {}, 401],
])('the cookie of the session counts, or not, in a request of %s', async (_who, headers, status) => {
  const http = await createTestApp(routes);
  const cookie = `console_session=${await http.token('operator')}`;
  expect((await http.app.request('/notes', { headers: { cookie, ...headers } })).status).toBe(status);
});

test('a code is exchanged once, and not after ten minutes', () => {
  let now = 0;
  const codes = createSignInCodes(() => now);
  const [first, second] = [codes.create('one'), codes.create('two')];
  expect(codes.redeem(first)).toBe('one');
  expect(codes.redeem(first)).toBeUndefined();
  now = 10 * 60_000;
  expect(codes.redeem(second)).toBeUndefined();
  expect(codes.redeem('made up')).toBeUndefined();
});
