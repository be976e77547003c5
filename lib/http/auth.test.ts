import { createRoute } from '@hono/zod-openapi';
import { beforeAll, expect, test } from '@jest/globals';
import { sign } from 'hono/jwt';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../tests/lib-support/app';
import { actor, authenticated, createTokens, mayActFor, operatorOnly } from './auth';
import { createRoutes, jsonAnswer } from './routes';

const secret = 'a secret of at least 32 characters!';
const roles = ['member'] as const;
const userId = '0192f3a0-0000-7000-8000-00000000000a';

test('a signed token says who it was signed for, and until when', async () => {
  const now = Date.now();
  const tokens = createTokens({ secret, roles, now: () => now });
  const token = await tokens.sign({ userId, role: 'member', expiresInSeconds: 60 });
  const issuedAt = Math.floor(now / 1_000) * 1_000;
  const actor = { userId, role: 'member' };
  const bearer = { actor, issuedAt, expiresAt: issuedAt + 60_000, jti: expect.any(String) };
  expect(await tokens.verify(token)).toEqual(bearer);
  expect(await createTokens({ secret, roles }).verify(token)).toEqual(bearer);
});

test('a verified token is cached, but not beyond its expiry', async () => {
  let now = Date.now();
  const tokens = createTokens({ secret, roles, now: () => now });
  const token = await tokens.sign({ userId, role: 'member', expiresInSeconds: 5 });
  const first = await tokens.verify(token);
  expect(await tokens.verify(token)).toBe(first);
  now += 6_000;
  // The clock of this test advanced, that of the JWT library did not: the token is verified again.
  expect(await tokens.verify(token)).not.toBe(first);
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const exp = Math.floor(Date.now() / 1000) + 3600;
const claims = { sub: userId, role: 'operator', exp };

test('a user id in capitals is the same user', async () => {
  const token = await sign({ ...claims, sub: userId.toUpperCase() }, secret, 'HS256');
  expect(await createTokens({ secret }).verify(token)).toMatchObject({ actor: { userId } });
});

const badTokens: [string, () => Promise<string> | string][] = [
  ['an expired one', () => createTokens({ secret }).sign({ userId, role: 'operator', expiresInSeconds: -1 })],
  ['one that is not signed', () => `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claims)}.`],
  [
    'one signed with another secret',
    () => createTokens({ secret: 'another secret of 32 characters!!!!' }).sign({ userId, role: 'operator' }),
  ],
  ['one signed with another algorithm', () => sign(claims, secret, 'HS512')],
  ['one of an unknown role', () => sign({ ...claims, role: 'king' }, secret, 'HS256')],
  ['one of a role that is not handed in', () => createTokens({ secret, roles }).sign({ userId, role: 'member' })],
  ['one without an end', () => sign({ sub: userId, role: 'operator' }, secret, 'HS256')],
  ['one without a user', () => sign({ role: 'operator', exp }, secret, 'HS256')],
  ['one that is not valid yet', () => sign({ ...claims, nbf: exp }, secret, 'HS256')],
  ...['', 'admin', 'a\0b', `${userId}\0`, '\ud800', 'x'.repeat(10_000), 17, null, { id: userId }, [userId]].map(
    (sub): [string, () => Promise<string>] => [
      `one of ${JSON.stringify(sub).slice(0, 50)}`,
      () => sign({ ...claims, sub }, secret, 'HS256'),
    ],
  ),
  ['garbage', () => 'garbage'],
  ['garbage in three parts', () => 'a.b.c'],
  ['half a token', async () => (await createTokens({ secret }).sign({ userId, role: 'operator' })).slice(0, -3)],
];
test.each(badTokens)('%s is refused', async (_what, token) => {
  await expect(createTokens({ secret }).verify(await token())).rejects.toMatchObject({ code: 'unauthorized' });
});

let http: TestApp;
beforeAll(async () => {
  const routes = createRoutes();
  const responses = { 200: jsonAnswer(z.unknown(), 'Who you are') };
  routes.openapi(createRoute({ method: 'get', path: '/me', middleware: authenticated, responses }), (c) =>
    c.json(actor(c), 200),
  );
  routes.openapi(createRoute({ method: 'get', path: '/ops', middleware: operatorOnly, responses }), (c) =>
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

test('whoever bears a token is known; what is for operators is for nobody else', async () => {
  const call = async (path: string, role: 'member' | 'operator') => {
    const authorization = `Bearer ${await http.token(role, userId)}`;
    return http.call('GET', path, undefined, { authorization });
  };
  expect(await call('/me', 'member')).toMatchObject({ status: 200, body: { userId, role: 'member' } });
  expect(await call('/ops', 'operator')).toMatchObject({ status: 200, body: { userId, role: 'operator' } });
  expect(await call('/ops', 'member')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
});

test('operators may act for everyone, members for themselves', () => {
  expect(mayActFor({ userId: 'a', role: 'operator' }, 'b')).toBe(true);
  expect(mayActFor({ userId: 'a', role: 'member' }, 'a')).toBe(true);
  expect(mayActFor({ userId: 'a', role: 'member' }, 'b')).toBe(false);
});
