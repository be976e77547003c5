import { createRoute } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { explainParams, explanation } from '../../contracts/http/explanation';
import { createRoutes, jsonAnswer, problems } from '../../lib/http/routes';
import type { ExplainOrder } from './explain';

const explainRoute = createRoute({
  operationId: 'explainOrder',
  method: 'get',
  path: '/ops/orders/{id}/explain',
  tags: ['ops'],
  summary: 'Explain an order: what happened to it, when and why',
  description:
    'The id may also be that of its payment, shipment, an event, the request, the trace, the workflow or an e-mail.',
  ...requires('ops:read'),
  request: { params: explainParams },
  responses: { 200: jsonAnswer(explanation, 'The explanation'), ...problems(400, 401, 403, 404, 503) },
});

/** The route by which operators have an order explained. */
export function createExplainRoutes(explain: ExplainOrder) {
  const routes = createRoutes();
  routes.openapi(explainRoute, async (c) => c.json(await explain(c.req.valid('param').id), 200));
  return routes;
}
