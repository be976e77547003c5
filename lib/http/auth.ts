import { createMiddleware } from 'hono/factory';
import { platformError } from '../errors/errors';
import type { AppContext, AppEnv } from './env';
import { operatorRole, type Actor } from './tokens';

export { createTokens, type Actor } from './tokens';

const bearer = /^bearer +(\S+)$/i;

/** Admits everyone with a valid token. */
export const authenticated = createMiddleware<AppEnv>(async (c, next) => {
  await identify(c);
  await next();
});

/** Admits operators only; others with a valid token get 403. */
export const operatorOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { role } = await identify(c);
  if (role !== operatorRole) throw platformError('forbidden', 'Only operators may do this');
  await next();
});

/** The caller. Only for routes behind `authenticated` or `operatorOnly`. */
export function actor(c: AppContext): Actor {
  const known = c.get('actor');
  if (!known) throw new Error(`${c.req.path} needs the actor, but its route has no authentication`);
  return known;
}

/** Whether `by` may see and change what belongs to `userId`. If not, throw `not-found`, which reveals nothing. */
export const mayActFor = (by: Actor, userId: string): boolean => by.role === operatorRole || by.userId === userId;

async function identify(c: AppContext): Promise<Actor> {
  const [, token] = bearer.exec(c.req.header('authorization') ?? '') ?? [];
  if (!token) throw platformError('unauthorized', 'Send the header "Authorization: Bearer <token>"');
  const { actor: identified, expiresAt } = await c.get('tokens').verify(token);
  c.set('actor', identified);
  c.set('expiresAt', expiresAt);
  c.get('context').actor = identified.userId;
  return identified;
}
