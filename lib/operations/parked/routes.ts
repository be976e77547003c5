import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, jsonBody, type createRoutes } from '../../http/routes';
import type { Desk } from '../operations';
import { bodyRefusals, refusals, shared } from '../route';
import * as contract from './contract';

const listParked = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/parked',
  summary: 'Events that wait: for a predecessor, or for a deploy',
  request: { query: contract.parkedQuery },
  responses: { 200: jsonAnswer(contract.parkedResponse, 'Parked events'), ...refusals },
});
const releaseParked = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/parked/release',
  summary: 'Go on in a stream without what is missing',
  request: { body: jsonBody(contract.releaseRequest) },
  responses: { 200: jsonAnswer(contract.releaseResponse, 'How many versions were skipped'), ...bodyRefusals },
});
const discardParked = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/parked/discard',
  summary: 'Give up one parked event; its successors go on',
  request: { body: jsonBody(contract.parkedDiscardRequest) },
  responses: {
    200: jsonAnswer(contract.releaseResponse, 'How many missing versions were skipped, too'),
    ...bodyRefusals,
  },
});

/** What operators do with events that wait in PostgreSQL. */
export function addParkedRoutes(routes: ReturnType<typeof createRoutes>, desk: Desk): void {
  routes.openapi(listParked, async (c) => {
    const items = await desk.parked(c.req.valid('query').queue);
    return c.json({ items: items.map((item) => ({ ...item, parkedAt: item.parkedAt.toISOString() })) }, 200);
  });
  routes.openapi(releaseParked, async (c) => {
    const { queue, stream, id } = c.req.valid('json');
    return c.json({ skippedVersions: await desk.release(queue, stream, id) }, 200);
  });
  routes.openapi(discardParked, async (c) => {
    const { queue, stream, id, reason } = c.req.valid('json');
    return c.json({ skippedVersions: await desk.discardParked(queue, stream, id, reason) }, 200);
  });
}
