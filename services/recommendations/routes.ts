import { createRoute, z } from '@hono/zod-openapi';
import { adviceQuery, adviceResponse, basketQuery } from '../../contracts/http/recommendations';
import { sku } from '../../contracts/ids';
import type { Queryable } from '../../lib/db/database';
import { fail } from '../../lib/errors/errors';
import { authenticated } from '../../lib/http/auth';
import { createRoutes, jsonAnswer, problems } from '../../lib/http/routes';
import { selectKnown, selectPopular, selectTogether, type Advice } from './store';

const shared = { method: 'get' as const, tags: ['recommendations'], middleware: authenticated };
const responses = { 200: jsonAnswer(adviceResponse, 'The products, the best first'), ...problems(400, 401, 404) };

const forProduct = createRoute({
  ...shared,
  path: '/recommendations/{sku}',
  summary: 'What is bought together with a product',
  description:
    'Where too little is known, popular products follow. For an unknown product: 404, or with `fallback=popular` those.',
  request: { params: z.strictObject({ sku }), query: adviceQuery },
  responses,
});
const forBasket = createRoute({
  ...shared,
  path: '/recommendations',
  summary: 'What goes with a basket',
  request: { query: basketQuery },
  responses,
});

/** The HTTP face of the recommendations. */
export function createRecommendationRoutes(db: Queryable) {
  const routes = createRoutes();

  async function advise(skus: readonly string[], limit: number, fallback: 'popular' | undefined): Promise<Advice[]> {
    const known = await selectKnown(db, skus);
    const unknown = skus.filter((one) => !known.includes(one));
    if (unknown.length > 0 && !fallback) throw fail('not-found', `There is no product ${unknown.join(', ')}`);
    const together = await selectTogether(db, known, limit);
    if (together.length >= limit) return together;
    const popular = await selectPopular(db, [...skus, ...together.map((one) => one.sku)], limit - together.length);
    return [...together, ...popular];
  }

  routes.openapi(forProduct, async (c) => {
    const { limit, fallback } = c.req.valid('query');
    return c.json({ items: await advise([c.req.valid('param').sku], limit, fallback) }, 200);
  });
  routes.openapi(forBasket, async (c) => {
    const { skus, limit, fallback } = c.req.valid('query');
    return c.json({ items: await advise(skus, limit, fallback) }, 200);
  });

  return routes;
}
