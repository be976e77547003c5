import { createMiddleware } from 'hono/factory';
import { fail } from '../errors/errors';
import type { AppContext, AppEnv } from './env';
import { operatorRole, type Actor } from './tokens';

export { createTokens, type Actor } from './tokens';

const bearer = /^bearer +(\S+)$/i;

/** Everyone with a valid token. */
export const authenticated = createMiddleware<AppEnv>(async (c, next) => {
  await identify(c);
  await next();
});

/** Operators only; everyone else with a token is answered 403. */
export const operatorOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { role } = await identify(c);
  if (role !== operatorRole) throw fail('forbidden', 'This is for operators');
  await next();
});

/** Who makes the request. Only for routes behind `authenticated` or `operatorOnly`. */
export function actor(c: AppContext): Actor {
  const known = c.get('actor');
  if (!known) throw new Error(`${c.req.path} asks for the actor, but its route has no authentication`);
  return known;
}

/** Whether `by` may see and change what belongs to `userId`. When not, say `not-found`: a stranger learns nothing. */
export const mayActFor = (by: Actor, userId: string): boolean => by.role === operatorRole || by.userId === userId;

/** The token that the request carries, whatever it is worth. */
export const bearerOf = (c: AppContext): string | undefined => bearer.exec(c.req.header('authorization') ?? '')?.[1];

async function identify(c: AppContext): Promise<Actor> {
  const token = bearerOf(c);
  if (!token) throw fail('unauthorized', 'Send the header "Authorization: Bearer <token>"');
  const { actor: identified, expiresAt } = await c.get('tokens').verify(token);
  c.set('actor', identified);
  c.set('expiresAt', expiresAt);
  c.get('context').actor = identified.userId;
  return identified;
}
