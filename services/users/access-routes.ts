import { createRoute, z } from '@hono/zod-openapi';
import { tokenId } from '../../contracts/events/user';
import { requires } from '../../contracts/http/access';
import { accessRequest, lockedResponse, revokedResponse } from '../../contracts/http/users';
import type { Queryable } from '../../lib/db/database';
import { createRoutes, jsonAnswer, jsonBody } from '../../lib/http/routes';
import { anyCaseId, normalizeId } from '../../lib/ids/ids';
import { audited } from '../../lib/operations/audit';
import { bodyRefusals } from '../../lib/operations/route';
import type { UsersService } from './service';

const setLock = (verb: 'lock' | 'unlock', summary: string) =>
  createRoute({
    operationId: `${verb}User`,
    tags: ['ops'],
    method: 'post',
    path: `/ops/users/{userId}/${verb}`,
    summary,
    ...requires('users:lock'),
    request: { params: z.strictObject({ userId: anyCaseId }), body: jsonBody(accessRequest) },
    responses: { 200: jsonAnswer(lockedResponse, 'Done'), ...bodyRefusals },
  });
const lock = setLock('lock', 'Lock a user: their tokens are refused, and their open streams end');
const unlock = setLock('unlock', 'Unlock a user: tokens that are issued after the lock are accepted');

const revokeToken = createRoute({
  operationId: 'revokeToken',
  tags: ['ops'],
  method: 'post',
  path: '/ops/tokens/{tokenId}/revoke',
  summary: 'Revoke one token by its id, the claim `jti`',
  ...requires('users:lock'),
  request: { params: z.strictObject({ tokenId: tokenId.overwrite(normalizeId) }), body: jsonBody(accessRequest) },
  responses: { 200: jsonAnswer(revokedResponse, 'It is refused from now on'), ...bodyRefusals },
});

/** The routes by which operators take away access, and give it back; audited. @param db with the audit log */
export function createAccessRoutes(users: Pick<UsersService, 'setLock' | 'revokeToken'>, db: Queryable) {
  const routes = createRoutes();

  for (const [verb, route] of [
    ['lock', lock],
    ['unlock', unlock],
  ] as const)
    routes.openapi(route, async (c) => {
      const { userId } = c.req.valid('param');
      await audited(db, `user ${verb}`, userId, c.req.valid('json'), () => users.setLock(userId, verb));
      return c.json({ userId, locked: verb === 'lock' }, 200);
    });

  routes.openapi(revokeToken, async (c) => {
    const { tokenId: revoked } = c.req.valid('param');
    await audited(db, 'token revoke', revoked, c.req.valid('json'), () => users.revokeToken(revoked));
    return c.json({ tokenId: revoked, revoked: true as const }, 200);
  });

  return routes;
}
