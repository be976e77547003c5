import { createRoute, z } from '@hono/zod-openapi';
import {
  funnelQuery,
  funnelResponse,
  salesQuery,
  salesResponse,
  topProductsQuery,
  topProductsResponse,
} from '../../contracts/http/analytics';
import type { Queryable } from '../../lib/db/database';
import { operatorOnly } from '../../lib/http/auth';
import type { AppContext } from '../../lib/http/env';
import { createRoutes, problems } from '../../lib/http/routes';
import { toCsv } from './csv';
import { selectFunnel, selectProducts, selectReasons, selectSales } from './store';

const shared = { method: 'get' as const, tags: ['analytics'], middleware: operatorOnly };
const answer = <S extends z.ZodType>(schema: S, description: string) => ({
  200: { description, content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } } },
  ...problems(400, 401, 403),
});

const getSales = createRoute({
  ...shared,
  path: '/analytics/sales',
  summary: 'Revenue, refunds, orders and units over time, for each currency',
  request: { query: salesQuery },
  responses: answer(salesResponse, 'The sales'),
});
const getProducts = createRoute({
  ...shared,
  path: '/analytics/products',
  summary: 'The products that sell best',
  request: { query: topProductsQuery },
  responses: answer(topProductsResponse, 'The products'),
});
const getFunnel = createRoute({
  ...shared,
  path: '/analytics/funnel',
  summary: 'What becomes of the orders that are placed',
  request: { query: funnelQuery },
  responses: answer(funnelResponse, 'The funnel'),
});

/** The HTTP face of analytics, for operators; every answer also as CSV. */
export function createAnalyticsRoutes(db: Queryable) {
  const routes = createRoutes();

  routes.openapi(getSales, async (c) => {
    const { bucket, format, ...range } = c.req.valid('query');
    const items = (await selectSales(db, range, bucket)).map((row) => ({
      ...row,
      from: row.from.toISOString(),
      averageBasket: row.orders === 0 ? 0 : Math.round(row.revenue / row.orders),
    }));
    const columns = ['from', 'currency', 'orders', 'units', 'revenue', 'refunded', 'averageBasket'];
    return format === 'csv' ? csv(c, toCsv(columns, items)) : c.json({ items }, 200);
  });

  routes.openapi(getProducts, async (c) => {
    const { limit, format, ...range } = c.req.valid('query');
    const items = await selectProducts(db, range, limit);
    const columns = ['sku', 'currency', 'orders', 'units', 'revenue', 'returned'];
    return format === 'csv'
      ? csv(
          c,
          toCsv(
            columns,
            items.map((row) => ({ ...row })),
          ),
        )
      : c.json({ items }, 200);
  });

  routes.openapi(getFunnel, async (c) => {
    const { format, ...range } = c.req.valid('query');
    const [{ p50, p95, ...counts }, cancelledBy] = await Promise.all([
      selectFunnel(db, range),
      selectReasons(db, range),
    ]);
    const conversion = counts.placed === 0 ? 0 : counts.confirmed / counts.placed;
    if (format === 'csv') {
      const steps = [
        ...(['placed', 'confirmed', 'cancelled'] as const).map((step) => ({ step, orders: counts[step] })),
        ...cancelledBy.map(({ reason, orders }) => ({ step: `cancelled: ${reason}`, orders })),
      ];
      return csv(c, toCsv(['step', 'orders'], steps));
    }
    return c.json({ ...counts, conversion, cancelledBy, secondsToConfirm: { p50, p95 } }, 200);
  });

  return routes;
}

const csv = (c: AppContext, text: string) => c.body(text, 200, { 'content-type': 'text/csv; charset=utf-8' });
