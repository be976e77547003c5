import { createRoute } from '@hono/zod-openapi';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { requires } from '../../contracts/http/access';
import { authenticated, requiresScope } from '../../lib/http/auth';
import { createRoutes, jsonAnswer } from '../../lib/http/routes';
import { linkedRequest } from '../../lib/http/linked';
import { signedRequest } from '../../lib/http/signed';
import { createAllRoutes, rulesOf } from './routes';

const responses = { 200: jsonAnswer(z.unknown(), 'Something') };
const at = { method: 'get' as const, path: '/new/{id}', responses };

test('every route of the platform has a rule', async () => {
  const rules = rulesOf(await createAllRoutes());
  expect(rules).toContainEqual(expect.objectContaining({ name: 'POST /orders', requires: 'orders:write' }));
  expect(rules).toContainEqual(expect.objectContaining({ name: 'POST /webhooks/carrier', requires: 'signed' }));
});

test('a route with a known scope, for requests that are signed, or for links, has a rule', () => {
  const routes = createRoutes();
  routes.openapi(createRoute({ ...at, ...requires('orders:read') }), (c) => c.json({}, 200));
  const signed = signedRequest({ timestamp: 'x-time', signature: 'x-signature' });
  routes.openapi(createRoute({ ...at, ...signed, path: '/hook' }), (c) => c.json({}, 200));
  const request = { query: z.strictObject({ linkToken: z.string() }) };
  routes.openapi(createRoute({ ...at, ...linkedRequest, request, path: '/link' }), (c) => c.json({}, 200));
  expect(rulesOf(routes).map(({ requires: rule }) => rule)).toEqual(['orders:read', 'signed', 'link']);
});

test.each<[string, object]>([
  ['says nothing', {}],
  ['asks for a token only', { middleware: authenticated }],
  ['asks for a scope that nobody knows', requiresScope('orders:reed')],
  ['is open, and not signed', { security: [] }],
  ['may be used in one of two ways', { security: [{ bearer: ['orders:read'] }, {}] }],
])('a route that %s has no rule', (_what, declared) => {
  const routes = createRoutes();
  routes.openapi(createRoute({ ...at, ...declared }), (c) => c.json({}, 200));
  expect(() => rulesOf(routes)).toThrow('GET /new/{id}: nobody says who may use it');
});

test('a route that is not in the OpenAPI document has no rule', () => {
  const routes = createRoutes();
  routes.get('/hidden', (c) => c.json({}));
  expect(() => rulesOf(routes)).toThrow('GET /hidden: it is not in the OpenAPI document');
});
