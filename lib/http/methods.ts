import type { OpenAPIHono } from '@hono/zod-openapi';
import { fail, type PlatformError } from '../errors/errors';
import type { AppContext, AppEnv } from './env';

/** What a request is that no route takes: a path that there is not, or one that takes other methods (sets `Allow`). */
export function unmatched(app: OpenAPIHono<AppEnv>, c: AppContext): PlatformError {
  const { method, path } = c.req;
  const allowed = methodsOf(app, path);
  if (allowed.length === 0) return fail('not-found', `There is no ${method} ${path}`);
  c.header('allow', allowed.join(', '));
  return fail('method-not-allowed', `${path} takes ${allowed.join(', ')}`);
}

/** The methods that have a route at `path`, by the table of routes itself. */
function methodsOf(app: OpenAPIHono<AppEnv>, path: string): string[] {
  const known = new Set(app.routes.map(({ method }) => method));
  const allowed = [...known].filter((method) => {
    const [matched] = app.router.match(method, path);
    // Middleware matches every method; a route names its own.
    return matched.some(([[, route]]) => route.method === method && method !== 'ALL');
  });
  return [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].sort();
}
