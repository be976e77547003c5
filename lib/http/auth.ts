import { createMiddleware } from 'hono/factory';
import { platformError } from '../errors/errors';
import type { AppContext, AppEnv } from './env';
import type { Actor } from './identity/bearer';
import { refuseRevoked } from './revocation/check';

export type { Actor } from './identity/bearer';

const bearer = /^bearer +(\S+)$/i;

/** Admits everyone with a valid token. */
export const authenticated = createMiddleware<AppEnv>(async (c, next) => {
  await identify(c);
  await next();
});

/** Admits operators only; others with a valid token get 403. */
export const operatorOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { role } = await identify(c);
  if (role !== 'operator') throw platformError('forbidden', 'Only operators may do this');
  await next();
});

/** The caller. Only for routes behind `authenticated` or `operatorOnly`. */
export function actor(c: AppContext): Actor {
  const known = c.get('bearer')?.actor;
  if (!known) throw new Error(`${c.req.path} needs the actor, but its route has no authentication`);
  return known;
}

/** Whether `by` may see and change what belongs to `userId`. If not, throw `not-found`, which reveals nothing. */
export const mayActFor = (by: Actor, userId: string): boolean => by.reach === 'all' || by.userId === userId;

/** The token that the request carries, whatever it is worth. */
export const bearerOf = (c: AppContext): string | undefined => bearer.exec(c.req.header('authorization') ?? '')?.[1];

async function identify(c: AppContext): Promise<Actor> {
  const token = bearerOf(c);
  if (!token) throw platformError('unauthorized', 'Send the header "Authorization: Bearer <token>"');
  const bearer = await c.get('tokens').verify(token);
  refuseRevoked(c, bearer);
  c.set('bearer', bearer);
  c.get('context').actor = bearer.actor.userId;
  return bearer.actor;
}
