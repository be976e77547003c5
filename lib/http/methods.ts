import type { OpenAPIHono } from '@hono/zod-openapi';
import { platformError, type PlatformError } from '../errors/errors';
import type { AppContext, AppEnv } from './env';

/** The error for a request without a route: an unknown path, or one that allows other methods (sets `Allow`). */
export function unmatched(app: OpenAPIHono<AppEnv>, c: AppContext): PlatformError {
  const { method, path } = c.req;
  const allowed = methodsOf(app, path);
  if (allowed.length === 0) return platformError('not-found', `No route for ${method} ${path}`);
  c.header('allow', allowed.join(', '));
  return platformError('method-not-allowed', `${path} allows ${allowed.join(', ')}`);
}

/** The methods with a route at `path`. */
function methodsOf(app: OpenAPIHono<AppEnv>, path: string): string[] {
  const known = new Set(app.routes.map(({ method }) => method));
  const allowed = [...known].filter((method) => {
    const [matched] = app.router.match(method, path);
    // Middleware matches every method; a route has its own.
    return matched.some(([[, route]]) => route.method === method && method !== 'ALL');
  });
  return [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].sort();
}
