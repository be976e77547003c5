import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../env';
import type { TokenKey } from './token-keys';

/** Serves `/.well-known/jwks.json`: the public keys that verify tokens of the built-in issuer (RFC 7517). */
export function serveKeySet(app: OpenAPIHono<AppEnv>, keys: () => readonly TokenKey[]): void {
  app.get('/.well-known/jwks.json', (c) => {
    const document = { keys: keys().map(({ publicJwk }) => publicJwk) };
    return c.json(document, 200, { 'cache-control': 'public, max-age=300' });
  });
}
