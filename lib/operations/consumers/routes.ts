import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, type createRoutes } from '../../http/routes';
import type { Operations } from '../operations';
import { refusals, shared } from '../route';
import * as contract from './contract';

const listConsumers = createRoute({
  operationId: 'listConsumers',
  ...shared('ops:read'),
  method: 'get',
  path: '/ops/consumers',
  summary: 'List the queues, and which are held because a dependency is unavailable',
  responses: { 200: jsonAnswer(contract.consumersResponse, 'The queues'), ...refusals },
});

/** The queues: which flow, and which are held. */
export function addConsumerRoutes(routes: ReturnType<typeof createRoutes>, operations: Operations): void {
  routes.openapi(listConsumers, async (c) => {
    const items = (await operations.consumers()).map(({ since, ...consumer }) => ({
      ...consumer,
      ...(since ? { heldSince: since.toISOString() } : {}),
    }));
    return c.json({ items }, 200);
  });
}
