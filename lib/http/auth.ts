import { createMiddleware } from 'hono/factory';
import { platformError } from '../errors/errors';
import type { AppContext, AppEnv } from './env';
import type { Actor } from './identity/bearer';

export type { Actor } from './identity/bearer';

const bearer = /^bearer +(\S+)$/i;

/**
 * How a route declares who may use it: those whose role has the scope. The OpenAPI document says the same.
 * @example createRoute({ ...requiresScope('notes:read'), method: 'get', … })
 */
export const requiresScope = (scope: string) => ({
  middleware: admits(scope),
  security: [{ [bearerScheme]: [scope] }],
});

/** The name of the security scheme in the OpenAPI document. */
export const bearerScheme = 'bearer';

/** Admits everyone with a valid token: for routes that need no scope, such as those of tests. */
export const authenticated = createMiddleware<AppEnv>(async (c, next) => {
  await identify(c);
  await next();
});

/** Others with a valid token get 403, whatever they ask for. */
const admits = (scope: string) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { scopes, role } = await identify(c);
    if (!scopes.has(scope)) throw platformError('forbidden', `This needs the scope ${scope}, which ${role} lacks here`);
    await next();
  });

/** The caller. Only for routes with `requiresScope` or `authenticated`. */
export function actor(c: AppContext): Actor {
  const known = c.get('bearer')?.actor;
  if (!known) throw new Error(`${c.req.path} needs the actor, but its route has no authentication`);
  return known;
}

/** Whether `by` may see and change what belongs to `userId`. If not, throw `not-found`, which reveals nothing. */
export const mayActFor = (by: Actor, userId: string): boolean => by.reach === 'all' || by.userId === userId;

/** The only user whose things `by` may list; undefined when it may list those of all. */
export const onlyUserOf = (by: Actor): string | undefined => (by.reach === 'all' ? undefined : by.userId);

/** The token that the request carries, whatever it is worth. */
export const bearerOf = (c: AppContext): string | undefined => bearer.exec(c.req.header('authorization') ?? '')?.[1];

async function identify(c: AppContext): Promise<Actor> {
  const token = bearerOf(c);
  if (!token) throw platformError('unauthorized', 'Send the header "Authorization: Bearer <token>"');
  const verified = await c.get('tokens').verify(token);
  // A verified token is cached until it expires: whatever ends it earlier (by `jti`, `subject`, user) is asked here.
  c.set('bearer', verified);
  c.get('context').actor = verified.actor.userId;
  return verified.actor;
}
