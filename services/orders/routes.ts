import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import {
  orderEventsQuery,
  orderEventsResponse,
  orderListQuery,
  orderListResponse,
  orderQuery,
  orderResponse,
  placedOrderResponse,
  placeOrderRequest,
} from '../../contracts/http/orders';
import type { OrderDetails } from '../../contracts/order-details';
import type { Seal } from '../../lib/encryption/sealed';
import { anyCaseId } from '../../lib/ids/ids';
import { platformError } from '../../lib/errors/errors';
import { actor, mayActFor, onlyUserOf, reachesAll, type Actor } from '../../lib/http/auth';
import { idempotencyKeyHeader, requiredIdempotency } from '../../lib/http/idempotency/header';
import { answerSse, lastEventId } from '../../lib/http/server-sent-events';
import { createdAnswer, createRoutes, jsonAnswer, jsonBody, problems } from '../../lib/http/routes';
import { lineForCustomer, orderForCustomer } from './customer-view';
import type { LiveOrders } from './live';
import { toHistoryLine, toResponse, toSummary } from './responses';
import type { OrdersService, OrderSnapshot } from './service';

const eventStream = {
  description: 'Server-Sent Events; the data of each is a line of the order history',
  content: { 'text/event-stream': { schema: z.string() } },
};

const placeOrder = createRoute({
  operationId: 'placeOrder',
  method: 'post',
  path: '/orders',
  tags: ['orders'],
  summary: 'Place an order',
  description: 'Answers immediately; the saga then confirms or cancels the order. Retry safely with the same key.',
  ...requires('orders:write'),
  parameters: [idempotencyKeyHeader({ required: true })],
  request: { body: jsonBody(placeOrderRequest) },
  responses: { 202: createdAnswer(placedOrderResponse, 'Accepted'), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

const getOrder = createRoute({
  operationId: 'getOrder',
  method: 'get',
  path: '/orders/{orderId}',
  tags: ['orders'],
  summary: 'Get an order as it is, or as it was at a version or at a time',
  ...requires('orders:read'),
  request: { params: z.strictObject({ orderId: anyCaseId }), query: orderQuery },
  responses: { 200: jsonAnswer(orderResponse, 'The order'), ...problems(400, 401, 403, 404) },
});

const getOrderEvents = createRoute({
  operationId: 'listOrderEvents',
  method: 'get',
  path: '/orders/{orderId}/events',
  tags: ['orders'],
  summary: 'List the events of an order',
  description:
    'What happened, from the first event on. Operators also see who did it and why, and each event as it was written and in ' +
    'its latest version.',
  ...requires('orders:read'),
  request: { params: z.strictObject({ orderId: anyCaseId }), query: orderEventsQuery },
  responses: { 200: jsonAnswer(orderEventsResponse, 'A page of events'), ...problems(400, 401, 403, 404) },
});

const streamOrder = createRoute({
  operationId: 'streamOrderEvents',
  method: 'get',
  path: '/orders/{orderId}/stream',
  tags: ['orders'],
  summary: 'Stream the events of an order',
  description:
    'All its events, then each new one as it happens. Resumes after `Last-Event-ID`, an id of this stream. Ends when the ' +
    'token expires.',
  ...requires('orders:read'),
  request: { params: z.strictObject({ orderId: anyCaseId }) },
  responses: { 200: eventStream, ...problems(400, 401, 403, 404) },
});

const streamOrders = createRoute({
  operationId: 'streamAllOrderEvents',
  method: 'get',
  path: '/orders/stream',
  tags: ['orders'],
  summary: 'Stream the events of all orders',
  description: 'Events from now on, or after `Last-Event-ID`. Ends when the token expires.',
  ...requires('orders:watch'),
  responses: { 200: eventStream, ...problems(400, 401, 403) },
});

const listOrders = createRoute({
  operationId: 'listOrders',
  method: 'get',
  path: '/orders',
  tags: ['orders'],
  summary: 'List orders, newest first',
  ...requires('orders:read'),
  request: { query: orderListQuery },
  responses: { 200: jsonAnswer(orderListResponse, 'A page of orders'), ...problems(400, 401, 403) },
});

/** The HTTP routes of the order service. */
export function createOrderRoutes(orders: OrdersService, details: Pick<Seal<OrderDetails>, 'open'>, live: LiveOrders) {
  const routes = createRoutes();

  routes.openapi(placeOrder, async (c) => {
    const request = c.req.valid('json');
    const who = actor(c);
    if (!mayActFor(who, request.userId))
      throw platformError(
        'forbidden',
        `Customers can place orders only for themselves, not for user ${request.userId}`,
      );
    const placed = await orders.place(request, requiredIdempotency(c, request));
    return c.json(placed, 202, { location: `/orders/${placed.orderId}` });
  });

  /** The order, for those who may see it: other customers must not even learn that it exists. */
  async function visible(orderId: string, who: Actor): Promise<OrderSnapshot> {
    const found = await orders.get(orderId);
    if (!mayActFor(who, found.order.userId)) throw platformError('not-found', `There is no order ${orderId}`);
    return found;
  }

  // Before the route of one order, which would take "stream" for an id.
  routes.openapi(streamOrders, async (c) => answerSse(c, await live.orders(lastEventId(c))));

  routes.openapi(streamOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    const { version } = await visible(orderId, actor(c));
    const who = actor(c);
    const customer = reachesAll(who) ? undefined : who.userId;
    return answerSse(c, live.order(orderId, version, { seen: lastEventId(c), customer }));
  });

  routes.openapi(getOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    const { version, at } = c.req.valid('query');
    const who = actor(c);
    const now = await visible(orderId, who);
    const show = (snapshot: OrderSnapshot) =>
      reachesAll(who) ? toResponse(snapshot, details) : orderForCustomer(snapshot, details);
    if (version !== undefined) return c.json(show(await orders.get(orderId, { toVersion: version })), 200);
    if (at !== undefined) return c.json(show(await orders.get(orderId, { until: new Date(at) })), 200);
    return c.json(show(now), 200);
  });

  routes.openapi(getOrderEvents, async (c) => {
    const { orderId } = c.req.valid('param');
    const page = c.req.valid('query');
    const who = actor(c);
    await visible(orderId, who);
    const events = await orders.events(orderId, page);
    const shown = events.slice(0, page.limit);
    const items = reachesAll(who)
      ? shown.map(toHistoryLine)
      : shown.flatMap((event) => lineForCustomer(event, who.userId) ?? []);
    const last = shown.at(-1)?.recorded.version;
    return c.json(events.length > page.limit && last ? { items, nextCursor: String(last) } : { items }, 200);
  });

  routes.openapi(listOrders, async (c) => {
    const query = c.req.valid('query');
    const userId = onlyUserOf(actor(c)) ?? query.userId;
    const rows = await orders.list(userId === undefined ? query : { ...query, userId });
    const items = rows.slice(0, query.limit).map(toSummary);
    const last = items.at(-1);
    return c.json(rows.length > query.limit && last ? { items, nextCursor: last.orderId } : { items }, 200);
  });

  return routes;
}
