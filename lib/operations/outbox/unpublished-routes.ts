import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, jsonBody, type createRoutes } from '../../http/routes';
import type { Operations } from '../operations';
import { bodyRefusals, refusals, shared } from '../route';
import * as contract from './contract';

const listUnpublished = createRoute({
  operationId: 'listUnpublishedEvents',
  ...shared('ops:read'),
  method: 'get',
  path: '/ops/outbox/parked',
  summary: 'List events that could not be published',
  request: { query: contract.unpublishedQuery },
  responses: { 200: jsonAnswer(contract.unpublishedResponse, 'The events'), ...refusals },
});
const retryUnpublished = createRoute({
  operationId: 'retryUnpublishedEvent',
  ...shared('ops:redrive'),
  method: 'post',
  path: '/ops/outbox/parked/retry',
  summary: 'Retry one of them now',
  request: { body: jsonBody(contract.unpublishedRetryRequest) },
  responses: { 200: jsonAnswer(contract.unpublishedTaken, 'Which event'), ...bodyRefusals },
});
const discardUnpublished = createRoute({
  operationId: 'discardUnpublishedEvent',
  ...shared('ops:discard'),
  method: 'post',
  path: '/ops/outbox/parked/discard',
  summary: 'Discard one of them: it stays in the log and is never published',
  request: { body: jsonBody(contract.unpublishedDiscardRequest) },
  responses: { 200: jsonAnswer(contract.unpublishedTaken, 'Which event'), ...bodyRefusals },
});

/** Listing, retrying and discarding events that a relay could not publish. */
export function addUnpublishedRoutes(routes: ReturnType<typeof createRoutes>, operations: Operations): void {
  routes.openapi(listUnpublished, async (c) => {
    const items = await operations.unpublished(c.req.valid('query').service);
    return c.json({ items: items.map((item) => ({ ...item, time: item.time.toISOString() })) }, 200);
  });
  routes.openapi(retryUnpublished, async (c) => {
    const { service, id } = c.req.valid('json');
    return c.json(await operations.retryUnpublished(service, id), 200);
  });
  routes.openapi(discardUnpublished, async (c) => {
    const { service, id, reason } = c.req.valid('json');
    return c.json(await operations.discardUnpublished(service, id, reason), 200);
  });
}
