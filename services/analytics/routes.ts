import { createRoute } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { requires } from '../../contracts/http/access';
import {
  funnelQuery,
  funnelResponse,
  salesQuery,
  salesResponse,
  topProductsQuery,
  topProductsResponse,
} from '../../contracts/http/analytics';
import { answerCsv, jsonOrCsvAnswer, wantsCsv } from '../../lib/http/csv';
import { createRoutes, problems } from '../../lib/http/routes';
import { selectFunnel } from './funnel-store';
import { selectTopProducts } from './products-store';
import {
  cellsOf,
  funnelCells,
  funnelColumns,
  salesColumns,
  toFunnel,
  topProductColumns,
  toSales,
  toTopProduct,
} from './responses';
import { selectSales } from './sales-store';
import type { AnalyticsTables } from './tables';

const getSales = createRoute({
  operationId: 'getSales',
  method: 'get',
  path: '/analytics/sales',
  tags: ['analytics'],
  summary: 'Get revenue, refunds, orders, units and the average basket by time bucket (UTC) and currency',
  description: 'An order counts when it is confirmed, its refund when it is returned or cancelled afterwards.',
  ...requires('analytics:read'),
  request: { query: salesQuery },
  responses: { 200: jsonOrCsvAnswer(salesResponse, 'A line per bucket and currency'), ...problems(400, 401, 403) },
});

const getTopProducts = createRoute({
  operationId: 'listTopProducts',
  method: 'get',
  path: '/analytics/products',
  tags: ['analytics'],
  summary: 'Get the top products of each currency by revenue or units, after refunds',
  ...requires('analytics:read'),
  request: { query: topProductsQuery },
  responses: { 200: jsonOrCsvAnswer(topProductsResponse, 'A line per product'), ...problems(400, 401, 403) },
});

const getFunnel = createRoute({
  operationId: 'getFunnel',
  method: 'get',
  path: '/analytics/funnel',
  tags: ['analytics'],
  summary: 'Get the outcome of the orders placed in a range of time, and their time to confirmation',
  ...requires('analytics:read'),
  request: { query: funnelQuery },
  responses: { 200: jsonOrCsvAnswer(funnelResponse, 'A line per bucket and currency'), ...problems(400, 401, 403) },
});

/** The HTTP routes of the analytics service; each answers as JSON or as CSV. */
export function createAnalyticsRoutes(db: Kysely<AnalyticsTables>) {
  const routes = createRoutes();

  routes.openapi(getSales, async (c) => {
    const { format, ...query } = c.req.valid('query');
    const items = (await selectSales(db, query)).map(toSales);
    if (wantsCsv(c, format)) return answerCsv(c, salesColumns, items.map(cellsOf(salesColumns)));
    return c.json({ items }, 200);
  });

  routes.openapi(getTopProducts, async (c) => {
    const { format, ...query } = c.req.valid('query');
    const items = (await selectTopProducts(db, query)).map(toTopProduct);
    if (wantsCsv(c, format)) return answerCsv(c, topProductColumns, items.map(cellsOf(topProductColumns)));
    return c.json({ items }, 200);
  });

  routes.openapi(getFunnel, async (c) => {
    const { format, ...query } = c.req.valid('query');
    const items = (await selectFunnel(db, query)).map(toFunnel);
    if (wantsCsv(c, format)) return answerCsv(c, funnelColumns, items.map(funnelCells));
    return c.json({ items }, 200);
  });

  return routes;
}
