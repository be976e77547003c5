import { createRoute, z } from '@hono/zod-openapi';
import { sku } from '../../contracts/sku';
import { authenticated } from '../../lib/http/auth';
import { createRoutes, jsonAnswer, problems } from '../../lib/http/routes';
import type { Adviser } from './advice';
import { adviceResponse, basketAdviceQuery, productAdviceQuery } from './contract';

const responses = { 200: jsonAnswer(adviceResponse, 'Best advice first'), ...problems(400, 401, 404) };
const description =
  'From orders that are confirmed and were not cancelled or returned. Where too little is known, popular products ' +
  'follow. An unknown product is 404, unless popular products are wanted instead (`fallback=popular`).';

const adviseOnProduct = createRoute({
  method: 'get',
  path: '/recommendations/{sku}',
  tags: ['recommendations'],
  summary: 'What is bought together with a product',
  description,
  middleware: [authenticated] as const,
  request: { params: z.strictObject({ sku }), query: productAdviceQuery },
  responses,
});

const adviseOnBasket = createRoute({
  method: 'get',
  path: '/recommendations',
  tags: ['recommendations'],
  summary: 'What is bought together with what is in a basket',
  description,
  middleware: [authenticated] as const,
  request: { query: basketAdviceQuery },
  responses,
});

/** The HTTP face of the advice. */
export function createRecommendationRoutes(adviser: Adviser) {
  const routes = createRoutes();

  routes.openapi(adviseOnProduct, async (c) => {
    const asked = { skus: [c.req.valid('param').sku], ...c.req.valid('query') };
    return c.json({ items: await adviser.adviseOn(asked) }, 200);
  });

  routes.openapi(adviseOnBasket, async (c) => c.json({ items: await adviser.adviseOn(c.req.valid('query')) }, 200));

  return routes;
}
