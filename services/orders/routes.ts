import { createRoute, z } from '@hono/zod-openapi';
import {
  orderListQuery,
  orderListResponse,
  orderResponse,
  placedOrderResponse,
  placeOrderRequest,
} from '../../contracts/http/orders';
import { id } from '../../contracts/ids';
import { fail } from '../../lib/errors/errors';
import { actor, authenticated, mayActFor } from '../../lib/http/auth';
import { idempotencyKey, idempotencyKeyHeader, requestHash } from '../../lib/http/idempotency';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../../lib/http/routes';
import type { OrdersService } from './service';
import type { FoldedOrder } from './view';
import type { OrderRow } from './tables';

const placeOrder = createRoute({
  method: 'post',
  path: '/orders',
  tags: ['orders'],
  summary: 'Place an order',
  description: 'Answers at once; the saga confirms or cancels the order afterwards. Repeat safely with the same key.',
  middleware: [authenticated] as const,
  parameters: [idempotencyKeyHeader],
  request: { body: jsonBody(placeOrderRequest) },
  responses: { 202: jsonAnswer(placedOrderResponse, 'Accepted'), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

const getOrder = createRoute({
  method: 'get',
  path: '/orders/{orderId}',
  tags: ['orders'],
  summary: 'One order, folded from its events',
  middleware: [authenticated] as const,
  request: { params: z.strictObject({ orderId: id }) },
  responses: { 200: jsonAnswer(orderResponse, 'The order'), ...problems(400, 401, 404) },
});

const listOrders = createRoute({
  method: 'get',
  path: '/orders',
  tags: ['orders'],
  summary: 'Orders, newest first',
  middleware: [authenticated] as const,
  request: { query: orderListQuery },
  responses: { 200: jsonAnswer(orderListResponse, 'A page of orders'), ...problems(400, 401) },
});

/** The HTTP face of the order service. */
export function createOrderRoutes(orders: OrdersService) {
  const routes = createRoutes();

  routes.openapi(placeOrder, async (c) => {
    const request = c.req.valid('json');
    const who = actor(c);
    if (!mayActFor(who, request.userId)) throw fail('forbidden', 'A customer places orders in their own name only');
    const key = idempotencyKey(c);
    const placed = await orders.place(request, { actor: who.userId, key, requestHash: requestHash(request) });
    return c.json(placed, 202, { location: `/orders/${placed.orderId}` });
  });

  routes.openapi(getOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    const folded = await orders.get(orderId);
    // A stranger must not even learn that the order exists.
    if (!mayActFor(actor(c), folded.order.userId)) throw fail('not-found', `There is no order ${orderId}`);
    return c.json(toResponse(folded), 200);
  });

  routes.openapi(listOrders, async (c) => {
    const query = c.req.valid('query');
    const who = actor(c);
    const rows = await orders.list(who.role === 'operator' ? query : { ...query, userId: who.userId });
    const items = rows.slice(0, query.limit).map(toSummary);
    const last = items.at(-1);
    return c.json(rows.length > query.limit && last ? { items, nextCursor: last.orderId } : { items }, 200);
  });

  return routes;
}

function toResponse({ order, version, placedAt, updatedAt, timeline }: FoldedOrder) {
  const { cancellationRequested: _, ...shown } = order;
  return {
    ...shown,
    version,
    placedAt: placedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    timeline: timeline.map(({ time, ...fact }) => ({ ...fact, time: time.toISOString() })),
  };
}

function toSummary(row: OrderRow) {
  return {
    orderId: row.order_id,
    userId: row.user_id,
    status: row.status,
    version: row.version,
    total: { amount: row.total_amount, currency: row.currency },
    ...(row.reason === null ? {} : { reason: row.reason }),
    placedAt: row.placed_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
