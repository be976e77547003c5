import { createRoute } from '@hono/zod-openapi';
import type { Queryable } from '../../db/database';
import { createRoutes, jsonAnswer } from '../../http/routes';
import { refusals, shared } from '../route';
import { decisionsQuery, decisionsResponse } from './contract';
import { selectDecisions } from './store';

const listDecisions = createRoute({
  operationId: 'listDecisions',
  ...shared('ops:read'),
  method: 'get',
  path: '/ops/decisions',
  summary: 'List whom the API allowed or denied a change, newest first',
  request: { query: decisionsQuery },
  responses: { 200: jsonAnswer(decisionsResponse, 'The decisions'), ...refusals },
});

/** @param db the database to which this process writes its decisions. */
export function createDecisionRoutes(db: Queryable) {
  const routes = createRoutes();
  routes.openapi(listDecisions, async (c) => {
    const items = await selectDecisions(db, c.req.valid('query'));
    return c.json({ items: items.map((one) => ({ ...one, time: one.time.toISOString() })) }, 200);
  });
  return routes;
}
