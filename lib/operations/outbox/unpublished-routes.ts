import { createRoute } from '@hono/zod-openapi';
import { operatorOnly } from '../../http/auth';
import { jsonAnswer, jsonBody, problems, type createRoutes } from '../../http/routes';
import type { Desk } from '../operations';
import * as contract from './contract';

const shared = { tags: ['ops'], middleware: operatorOnly };
const refusals = problems(400, 401, 403, 404, 503);
const bodyRefusals = { ...refusals, ...problems(413, 415) };

const listUnpublished = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/outbox/parked',
  summary: 'Events that could not be published',
  request: { query: contract.unpublishedQuery },
  responses: { 200: jsonAnswer(contract.unpublishedResponse, 'The events'), ...refusals },
});
const retryUnpublished = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/outbox/parked/retry',
  summary: 'Have the relay try one of them now',
  request: { body: jsonBody(contract.unpublishedRetryRequest) },
  responses: { 200: jsonAnswer(contract.unpublishedTaken, 'Which event'), ...bodyRefusals },
});
const discardUnpublished = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/outbox/parked/discard',
  summary: 'Never publish one of them; the log keeps it',
  request: { body: jsonBody(contract.unpublishedDiscardRequest) },
  responses: { 200: jsonAnswer(contract.unpublishedTaken, 'Which event'), ...bodyRefusals },
});

/** What operators do with events that a relay could not publish. */
export function addUnpublishedRoutes(routes: ReturnType<typeof createRoutes>, desk: Desk): void {
  routes.openapi(listUnpublished, async (c) => {
    const items = await desk.unpublished(c.req.valid('query').service);
    return c.json({ items: items.map((item) => ({ ...item, time: item.time.toISOString() })) }, 200);
  });
  routes.openapi(retryUnpublished, async (c) => {
    const { service, id } = c.req.valid('json');
    return c.json(await desk.retryUnpublished(service, id), 200);
  });
  routes.openapi(discardUnpublished, async (c) => {
    const { service, id, reason } = c.req.valid('json');
    return c.json(await desk.discardUnpublished(service, id, reason), 200);
  });
}
