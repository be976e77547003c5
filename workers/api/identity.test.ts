import { createRoute } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { actor, authenticated } from '../../lib/http/auth';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { createRoutes, jsonAnswer } from '../../lib/http/routes';
import type { Lifecycle } from '../../lib/lifecycle/lifecycle';
import {
  providerAudience,
  providerRoleClaim,
  startIdentityProvider,
  type IdentityProvider,
} from '../../tests/lib-support/identity-provider';
import { createApiHost } from '../../tests/support/api-host';
import { tokenIssuerOf } from '../config/token-issuer';
import { startApi } from './api';

// The API with its own issuer and a real provider beside it, over real HTTP.

const signingKeys = JSON.stringify(newTokenKey());
let provider: IdentityProvider;
let lifecycle: Lifecycle;
let url: string;

beforeAll(async () => {
  provider = await startIdentityProvider();
  const host = createApiHost({
    TOKEN_SIGNING_KEYS: signingKeys,
    OIDC_PROVIDERS: JSON.stringify([
      {
        issuer: provider.issuer,
        audience: providerAudience,
        roleClaim: providerRoleClaim,
        roles: { staff: 'support' },
      },
    ]),
  });
  lifecycle = host.lifecycle;
  const routes = createRoutes();
  const responses = { 200: jsonAnswer(z.unknown(), 'Who you are') };
  routes.openapi(createRoute({ method: 'get', path: '/me', middleware: authenticated, responses }), (c) =>
    c.json(actor(c), 200),
  );
  const port = await startApi(host, [routes]);
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await lifecycle.shutdown();
  await provider.stop();
});

async function whoIs(token: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}

test('a token of an OpenID provider is accepted, with its role by the name it has here', async () => {
  const token = await provider.token();
  expect(await whoIs(token)).toMatchObject({ status: 200, body: { userId: provider.clientId, role: 'support' } });
});

test('a token of the built-in issuer is accepted beside it', async () => {
  const userId = '0192f3a0-0000-7000-8000-00000000000a';
  const token = await tokenIssuerOf({ TOKEN_SIGNING_KEYS: signingKeys }).sign({ userId, role: 'customer' });
  expect(await whoIs(token)).toMatchObject({ status: 200, body: { userId, role: 'customer' } });
});

test('the keys of the built-in issuer are published, without their private part', async () => {
  const response = await fetch(`${url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']]);
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
});

test('a token of a provider that is not configured is refused', async () => {
  const stranger = await startIdentityProvider();
  try {
    expect(await whoIs(await stranger.token())).toMatchObject({ status: 401 });
  } finally {
    await stranger.stop();
  }
});
