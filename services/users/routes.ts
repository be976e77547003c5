import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { createUserRequest, updateUserRequest, userResponse, type UserResponse } from '../../contracts/http/users';
import { anyCaseId } from '../../lib/ids/ids';
import { platformError } from '../../lib/errors/errors';
import { actor, mayActFor, reachesAll, type Actor } from '../../lib/http/auth';
import { idempotencyKeyHeader, idempotentRequest } from '../../lib/http/idempotency/header';
import { createdAnswer, createRoutes, jsonAnswer, jsonBody, problems } from '../../lib/http/routes';
import type { User } from './domain';
import type { EmailChanges } from './email-changes';
import type { UsersService } from './service';

const params = z.strictObject({ userId: anyCaseId });

const createUser = createRoute({
  operationId: 'createUser',
  method: 'post',
  path: '/users',
  tags: ['users'],
  summary: 'Add a user',
  description: 'A repeated request with the same `Idempotency-Key` returns the user in its current state.',
  ...requires('users:create'),
  parameters: [idempotencyKeyHeader({ required: false })],
  request: { body: jsonBody(createUserRequest) },
  responses: { 201: createdAnswer(userResponse, 'Added'), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

const getUser = createRoute({
  operationId: 'getUser',
  method: 'get',
  path: '/users/{userId}',
  tags: ['users'],
  summary: 'Get a user',
  description: 'For operators and the user; anyone else gets 404.',
  ...requires('users:read'),
  request: { params },
  responses: { 200: jsonAnswer(userResponse, 'The user'), ...problems(400, 401, 403, 404) },
});

const updateUser = createRoute({
  operationId: 'updateUser',
  method: 'patch',
  path: '/users/{userId}',
  tags: ['users'],
  summary: 'Change the e-mail address or name of a user',
  description:
    'For operators and the user; anyone else gets 404. A new address that users give for themselves counts when they follow the ' +
    'link that is sent to it; the answer is the same when another user has it, who is written to instead. Operators set it at once.',
  ...requires('users:write'),
  request: { params, body: jsonBody(updateUserRequest) },
  responses: {
    200: jsonAnswer(userResponse, 'Changed'),
    202: jsonAnswer(userResponse, 'The address changes when the link in the e-mail is followed; the rest is changed'),
    ...problems(400, 401, 403, 404, 409, 413, 415, 429, 503),
  },
});

const eraseUser = createRoute({
  operationId: 'eraseUser',
  method: 'delete',
  path: '/users/{userId}',
  tags: ['users'],
  summary: 'Erase a user',
  description:
    'Name and e-mail address are permanently deleted, here and in every copy. The orders remain, without them.',
  ...requires('users:erase'),
  request: { params },
  responses: { 204: { description: 'Erased' }, ...problems(400, 401, 403, 404) },
});

/** The HTTP routes of the user service. */
export function createUsersRoutes(
  users: Pick<UsersService, 'create' | 'get' | 'update' | 'erase'>,
  emailChanges: Pick<EmailChanges, 'change'>,
) {
  const routes = createRoutes();

  routes.openapi(createUser, async (c) => {
    const request = c.req.valid('json');
    const user = await users.create(request, idempotentRequest(c, request));
    return c.json(toResponse(user), 201, { location: `/users/${user.userId}` });
  });

  routes.openapi(getUser, async (c) => {
    const { userId } = c.req.valid('param');
    refuseStranger(actor(c), userId);
    return c.json(toResponse(await users.get(userId)), 200);
  });

  routes.openapi(updateUser, async (c) => {
    const { userId } = c.req.valid('param');
    const [who, changes] = [actor(c), c.req.valid('json')];
    refuseStranger(who, userId);
    if (reachesAll(who)) return c.json(toResponse(await users.update(userId, changes)), 200);
    const { user, isOpen } = await emailChanges.change(userId, changes);
    return c.json(toResponse(user), isOpen ? 202 : 200);
  });

  routes.openapi(eraseUser, async (c) => {
    const { userId } = c.req.valid('param');
    refuseStranger(actor(c), userId);
    await users.erase(userId);
    return c.body(null, 204);
  });

  return routes;
}

/** Other users must not even learn that the user exists. */
function refuseStranger(who: Actor, userId: string): void {
  if (!mayActFor(who, userId)) throw platformError('not-found', `There is no user ${userId}`);
}

const toResponse = ({ userId, email, name, createdAt, updatedAt, lockedAt }: User): UserResponse => ({
  userId,
  email,
  name,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  ...(lockedAt ? { lockedAt: lockedAt.toISOString() } : {}),
});
