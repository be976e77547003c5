import { createRoute } from '@hono/zod-openapi';
import { beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../tests/lib-support/app';
import { actor, authenticated, mayActFor, onlyUserOf, requiresScope } from './auth';
import { createRoutes, jsonAnswer } from './routes';

const userId = '0192f3a0-0000-7000-8000-00000000000a';

let http: TestApp;
beforeAll(async () => {
  const routes = createRoutes();
  const responses = { 200: jsonAnswer(z.unknown(), 'Who you are') };
  routes.openapi(createRoute({ method: 'get', path: '/me', middleware: authenticated, responses }), (c) =>
    c.json(actor(c), 200),
  );
  routes.openapi(createRoute({ ...requiresScope('ops:read'), method: 'get', path: '/ops', responses }), (c) =>
    c.json(actor(c), 200),
  );
  http = await createTestApp(routes);
});

test.each(['', 'Basic YTpi', 'Bearer', 'Bearer ', 'Bearer a b', 'garbage', 'Bearer garbage'])(
  'the authorization %p gets 401 and the expected scheme',
  async (authorization) => {
    const { status, body, headers } = await http.call('GET', '/me', undefined, { authorization });
    expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'unauthorized' });
    expect(headers.get('www-authenticate')).toBe('Bearer');
  },
);

test('whoever bears a token is known; a route is for the roles that have its scope, and says so in the document', async () => {
  const call = async (path: string, role: 'member' | 'operator') => {
    const authorization = `Bearer ${await http.token(role, userId)}`;
    return http.call('GET', path, undefined, { authorization });
  };
  expect(await call('/me', 'member')).toMatchObject({ status: 200, body: { userId, role: 'member' } });
  expect(await call('/ops', 'operator')).toMatchObject({ status: 200, body: { userId, role: 'operator' } });
  expect(await call('/ops', 'member')).toMatchObject({
    status: 403,
    body: { code: 'forbidden', detail: 'This needs the scope ops:read, which member lacks here' },
  });
  const { body } = await http.call('GET', '/openapi.json');
  expect(body).toMatchObject({ paths: { '/ops': { get: { security: [{ bearer: ['ops:read'] }] } } } });
});

test('who reaches everything may act for everyone, others for themselves', () => {
  const by = (id: string, reach: 'own' | 'all') => ({ userId: id, role: 'r', scopes: new Set<string>(), reach });
  expect(mayActFor(by('a', 'all'), 'b')).toBe(true);
  expect(mayActFor(by('a', 'own'), 'a')).toBe(true);
  expect(mayActFor(by('a', 'own'), 'b')).toBe(false);
  expect([onlyUserOf(by('a', 'all')), onlyUserOf(by('a', 'own'))]).toEqual([undefined, 'a']);
});
