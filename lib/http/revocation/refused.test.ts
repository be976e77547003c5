import { createRoute } from '@hono/zod-openapi';
import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { product } from '../../../tests/lib-support/product';
import { createTestApp } from '../../../tests/lib-support/app';
import { eventually } from '../../../tests/lib-support/eventually';
import { actor, authenticated } from '../auth';
import { createRoutes, jsonAnswer } from '../routes';
import { answerSse } from '../server-sent-events';
import { startServer } from '../server';
import { createRevocations } from './revocations';

const userId = randomUUID();

/** An app with a route and a stream, and a caller of it. */
async function createWorld() {
  const revocations = createRevocations();
  const routes = createRoutes();
  const responses = { 200: jsonAnswer(z.unknown(), 'Who you are') };
  routes.openapi(createRoute({ method: 'get', path: '/me', middleware: authenticated, responses }), (c) =>
    c.json(actor(c), 200),
  );
  let open = 0;
  routes.use('/live', authenticated);
  routes.get('/live', (c) =>
    answerSse(c, {
      next: () => Promise.resolve([]),
      subscribe: () => {
        open += 1;
        return () => (open -= 1);
      },
    }),
  );
  const http = await createTestApp(routes, { revocations });
  return { revocations, http, token: await http.token('member', userId), open: () => open };
}

const locked = { kind: 'subject', subject: userId, version: 2, state: 'locked', at: new Date() } as const;

test('the first request after a revocation is refused, though the token was verified before', async () => {
  const { revocations, http, token } = await createWorld();
  const ask = () => http.call('GET', '/me', undefined, { authorization: `Bearer ${token}` });
  expect(await ask()).toMatchObject({ status: 200 });
  revocations.apply(locked);
  expect(await ask()).toMatchObject({
    status: 401,
    body: { code: 'unauthorized', detail: 'The token has been revoked' },
  });
  expect(await http.call('GET', '/me')).toMatchObject({ status: 200 });
});

test('a token is revoked by the id that it was signed with', async () => {
  const { revocations, http, token } = await createWorld();
  const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
  revocations.apply({ kind: 'token', tokenId: jti });
  const authorization = `Bearer ${token}`;
  expect(await http.call('GET', '/me', undefined, { authorization })).toMatchObject({ status: 401 });
  const another = `Bearer ${await http.token('member', userId)}`;
  expect(await http.call('GET', '/me', undefined, { authorization: another })).toMatchObject({ status: 200 });
});

test('an open stream ends when its token is revoked, long before its next heartbeat', async () => {
  const { revocations, http, token, open } = await createWorld();
  const server = await startServer(http.app, { host: '127.0.0.1', port: 0, product });
  const stream = async (authorization: string) =>
    fetch(`http://127.0.0.1:${server.port}/live`, { headers: { authorization } });
  const mine = await stream(`Bearer ${token}`);
  const leaving = new AbortController();
  await fetch(`http://127.0.0.1:${server.port}/live`, {
    headers: { authorization: `Bearer ${await http.token('member')}` },
    signal: leaving.signal,
  });
  await eventually(() => expect(open()).toBe(2));
  revocations.apply(locked);
  expect(await mine.text()).toBe(': connected\n\n');
  expect(open()).toBe(1);
  leaving.abort();
  await eventually(() => expect(open()).toBe(0));
  await server.stop();
});
