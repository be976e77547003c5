import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env';

/**
 * Allows pages of these origins, such as `https://shop.example`, to call the API (Fetch standard, CORS). Tokens are
 * sent in a header, never in a cookie, so no credentials are allowed. Pages of other origins get no CORS headers.
 */
export function allowOrigins(origins: readonly string[]) {
  const answer = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
      'X-Correlation-Id',
      'Traceparent',
    ],
    exposeHeaders: ['Location', 'X-Correlation-Id', 'Traceparent', 'Allow', 'WWW-Authenticate'],
    maxAge: 600,
  });
  return createMiddleware<AppEnv>((c, next) => {
    const isPreflight = c.req.header('access-control-request-method') !== undefined;
    // OPTIONS that is not a preflight is a method like any other.
    return c.req.method === 'OPTIONS' && !isPreflight ? next() : answer(c, next);
  });
}
