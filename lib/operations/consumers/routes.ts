import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, type createRoutes } from '../../http/routes';
import type { Desk } from '../operations';
import { refusals, shared } from '../route';
import * as contract from './contract';

const listConsumers = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/consumers',
  summary: 'Queues, and which are held because a system that they need is away',
  responses: { 200: jsonAnswer(contract.consumersResponse, 'The queues'), ...refusals },
});

/** Which queues are read, and which wait. */
export function addConsumerRoutes(routes: ReturnType<typeof createRoutes>, desk: Desk): void {
  routes.openapi(listConsumers, (c) => {
    const items = desk.consumers().map(({ since, ...consumer }) => ({
      ...consumer,
      ...(since ? { heldSince: since.toISOString() } : {}),
    }));
    return c.json({ items }, 200);
  });
}
