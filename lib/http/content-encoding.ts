import { createMiddleware } from 'hono/factory';
import { fail } from '../errors/errors';
import type { AppEnv } from './env';

/**
 * Bodies are taken as they are: inflating would need limits of its own against small bodies that grow large.
 * @throws `unsupported-content-encoding` for a body that says it is compressed; the answer names what is taken.
 */
export const refuseEncodedBody = createMiddleware<AppEnv>((c, next) => {
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return next();
  c.header('accept-encoding', 'identity');
  throw fail('unsupported-content-encoding', 'Send the body as it is, without Content-Encoding');
});
