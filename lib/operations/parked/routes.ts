import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, jsonBody, type createRoutes } from '../../http/routes';
import type { Operations } from '../operations';
import { bodyRefusals, refusals, shared } from '../route';
import * as contract from './contract';

const listParked = createRoute({
  operationId: 'listParkedEvents',
  ...shared('ops:read'),
  method: 'get',
  path: '/ops/parked',
  summary: 'List parked events, which wait for a predecessor or for a deploy',
  request: { query: contract.parkedQuery },
  responses: { 200: jsonAnswer(contract.parkedResponse, 'Parked events'), ...refusals },
});
const releaseParked = createRoute({
  operationId: 'releaseParkedEvent',
  ...shared('ops:redrive'),
  method: 'post',
  path: '/ops/parked/release',
  summary: 'Release a parked event: its stream continues without the missing ones',
  request: { body: jsonBody(contract.releaseRequest) },
  responses: { 200: jsonAnswer(contract.releaseResponse, 'How many versions were skipped'), ...bodyRefusals },
});
const discardParked = createRoute({
  operationId: 'discardParkedEvent',
  ...shared('ops:discard'),
  method: 'post',
  path: '/ops/parked/discard',
  summary: 'Discard a parked event; its successors continue',
  request: { body: jsonBody(contract.parkedDiscardRequest) },
  responses: {
    200: jsonAnswer(contract.releaseResponse, 'How many missing versions were skipped as well'),
    ...bodyRefusals,
  },
});

/** Listing, releasing and discarding parked events. */
export function addParkedRoutes(routes: ReturnType<typeof createRoutes>, operations: Operations): void {
  routes.openapi(listParked, async (c) => {
    const items = await operations.parked(c.req.valid('query').queue);
    return c.json({ items: items.map((item) => ({ ...item, parkedAt: item.parkedAt.toISOString() })) }, 200);
  });
  routes.openapi(releaseParked, async (c) => {
    const { queue, stream, id } = c.req.valid('json');
    return c.json({ skippedVersions: await operations.release(queue, stream, id) }, 200);
  });
  routes.openapi(discardParked, async (c) => {
    const { queue, stream, id, reason } = c.req.valid('json');
    return c.json({ skippedVersions: await operations.discardParked(queue, stream, id, reason) }, 200);
  });
}
