import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { sku } from '../../contracts/sku';
import { createRoutes, jsonAnswer, problems } from '../../lib/http/routes';
import type { Adviser } from './advice';
import { adviceResponse, basketAdviceQuery, productAdviceQuery } from './contract';

const responses = {
  200: jsonAnswer(adviceResponse, 'The best recommendations first'),
  ...problems(400, 401, 403, 404),
};
const description =
  'Based on confirmed orders that were not cancelled or returned. Popular products fill up the list. An unknown product ' +
  'is answered with 404, unless `fallback=popular` asks for popular products instead.';

const adviseOnProduct = createRoute({
  operationId: 'recommendForProduct',
  method: 'get',
  path: '/recommendations/{sku}',
  tags: ['recommendations'],
  summary: 'Recommend products that are bought together with a product',
  description,
  ...requires('recommendations:read'),
  request: { params: z.strictObject({ sku }), query: productAdviceQuery },
  responses,
});

const adviseOnBasket = createRoute({
  operationId: 'recommendForBasket',
  method: 'get',
  path: '/recommendations',
  tags: ['recommendations'],
  summary: 'Recommend products that are bought together with those in a basket',
  description,
  ...requires('recommendations:read'),
  request: { query: basketAdviceQuery },
  responses,
});

/** The HTTP routes of the recommendations service. */
export function createRecommendationRoutes(adviser: Adviser) {
  const routes = createRoutes();

  routes.openapi(adviseOnProduct, async (c) => {
    const asked = { skus: [c.req.valid('param').sku], ...c.req.valid('query') };
    return c.json({ items: await adviser.adviseOn(asked) }, 200);
  });

  routes.openapi(adviseOnBasket, async (c) => c.json({ items: await adviser.adviseOn(c.req.valid('query')) }, 200));

  return routes;
}
