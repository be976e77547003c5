import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { platformError } from '../errors/errors';
import { sessionToken } from './console/cookie';
import type { AppContext, AppEnv } from './env';
import type { Actor, Bearer } from './identity/bearer';

export type { Actor } from './identity/bearer';

/** Paths of routes are shorter; what is longer was made to be long. */
const longestPath = 200;
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
    const by = await identify(c);
    if (by.scopes.has(scope)) {
      await next();
      noteDecision(c, scope, by, c.res.status);
      return;
    }
    noteDecision(c, scope, by, 403);
    throw platformError('forbidden', `This needs the scope ${scope}, which ${by.role} lacks here`);
  });

/** Of requests that change something. To whoever reaches only their own, 404 also hides what belongs to others. */
function noteDecision(c: AppContext, scope: string, { userId, role, reach }: Actor, status: number): void {
  const { method, path } = c.req;
  if (method === 'GET' || method === 'HEAD') return;
  c.get('decisions').note({
    time: new Date(),
    actor: userId,
    role,
    scope,
    route: `${method} ${routePath(c, -1)}`,
    object: path.slice(0, longestPath),
    outcome: status === 403 || (status === 404 && reach === 'own') ? 'denied' : 'allowed',
    status,
  });
}

/** The caller. Only for routes with `requiresScope` or `authenticated`. */
export function actor(c: AppContext): Actor {
  const known = c.get('bearer')?.actor;
  if (!known) throw new Error(`${c.req.path} needs the actor, but its route has no authentication`);
  return known;
}

/** Whether `by` sees everything, and all that is known of it; others see only what is theirs. */
export const reachesAll = (by: Actor): boolean => by.reach === 'all';

/** Whether `by` may see and change what belongs to `userId`. If not, throw `not-found`, which reveals nothing. */
export const mayActFor = (by: Actor, userId: string): boolean => reachesAll(by) || by.userId === userId;

/** The only user whose things `by` may list; undefined when it may list those of all. */
export const onlyUserOf = (by: Actor): string | undefined => (reachesAll(by) ? undefined : by.userId);

/** The token that the request carries, in its header or in the session of the console, whatever it is worth. */
export const bearerOf = (c: AppContext): string | undefined =>
  bearer.exec(c.req.header('authorization') ?? '')?.[1] ?? sessionToken(c);

async function identify(c: AppContext): Promise<Actor> {
  const token = bearerOf(c);
  if (!token) throw platformError('unauthorized', 'Send the header "Authorization: Bearer <token>"');
  return (await verifyBearer(c, token)).actor;
}

/**
 * Makes the bearer of a token the caller of this request.
 * @throws `unauthorized` when the token is not valid, or was revoked.
 */
export async function verifyBearer(c: AppContext, token: string): Promise<Bearer> {
  const verified = await c.get('tokens').verify(token);
  refuseRevoked(c, verified);
  c.set('bearer', verified);
  c.get('context').actor = verified.actor.userId;
  return verified;
}

/**
 * Refuses a token that was revoked. A response that outlives its request, such as a stream, asks `isRevoked` again.
 * @throws `unauthorized`
 */
function refuseRevoked(c: AppContext, { actor: { userId: subject }, jti: tokenId, issuedAt }: Bearer): void {
  const revocations = c.get('revocations');
  const isRevoked = (): boolean => revocations.isRevoked({ subject, tokenId, issuedAt });
  if (isRevoked()) throw platformError('unauthorized', 'The token has been revoked');
  c.set('isRevoked', isRevoked);
}
