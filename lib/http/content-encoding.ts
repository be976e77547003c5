import { createMiddleware } from 'hono/factory';
import { platformError } from '../errors/errors';
import type { AppEnv } from './env';

/**
 * Compressed bodies are refused: decompressing would need limits of its own against small bodies that grow large.
 * @throws `unsupported-content-encoding` for a body with a content encoding; the response names what is accepted.
 */
export const refuseEncodedBody = createMiddleware<AppEnv>((c, next) => {
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return next();
  c.header('accept-encoding', 'identity');
  throw platformError('unsupported-content-encoding', 'Send the body uncompressed, without Content-Encoding');
});
