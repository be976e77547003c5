import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { platformError } from '../errors/errors';
import type { AppEnv } from './env';

/** @throws `body-too-large` for a body of more than `bytes`, with or without a Content-Length. */
export function limitBody(bytes: number) {
  const refuse = (): never => {
    throw platformError('body-too-large', `A body may have at most ${bytes} bytes`);
  };
  const counting = bodyLimit({ maxSize: bytes, onError: refuse });
  return createMiddleware<AppEnv>((c, next) => {
    const length = c.req.header('content-length');
    // Node's parser enforces the announced length; only a body without one must be counted.
    if (length !== undefined) return Number(length) > bytes ? refuse() : next();
    return c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : counting(c, next);
  });
}
