import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { customerRequest, customerRequestAccepted, reviewedResponse, reviewRequest } from '../../contracts/http/orders';
import { anyCaseId } from '../../lib/ids/ids';
import { platformError } from '../../lib/errors/errors';
import { actor, mayActFor, type Actor } from '../../lib/http/auth';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../../lib/http/routes';
import type { CustomerRequests } from './customer-requests';
import type { OrdersService } from './service';

const shared = { method: 'post' as const, tags: ['orders'] };
const params = z.strictObject({ orderId: anyCaseId });

const cancelOrder = createRoute({
  operationId: 'cancelOrder',
  ...shared,
  path: '/orders/{orderId}/cancel',
  summary: 'Cancel an order, at any time before it is shipped',
  description: 'Once accepted, everything that was done for the order is undone. Repeating the request is harmless.',
  ...requires('orders:cancel'),
  request: { params, body: jsonBody(customerRequest) },
  responses: { 202: jsonAnswer(customerRequestAccepted, 'Accepted'), ...problems(400, 401, 403, 404, 409, 413, 415) },
});

const returnOrder = createRoute({
  operationId: 'returnOrder',
  ...shared,
  path: '/orders/{orderId}/return',
  summary: 'Return a delivered order',
  description: 'The payment is refunded and the items return to stock. Repeating the request is harmless.',
  ...requires('orders:return'),
  request: { params, body: jsonBody(customerRequest) },
  responses: { 202: jsonAnswer(customerRequestAccepted, 'Accepted'), ...problems(400, 401, 403, 404, 409, 413, 415) },
});

const reviewOrder = createRoute({
  operationId: 'reviewOrder',
  ...shared,
  path: '/orders/{orderId}/review',
  summary: 'Approve or reject an order that is waiting for a review',
  description:
    'When this answers, the saga has accepted the decision. Repeating the same decision is harmless; another one is refused. ' +
    'With `FOUR_EYES`, whoever placed the order, or is its customer, cannot approve it (403, code `four-eyes`).',
  ...requires('orders:review'),
  request: { params, body: jsonBody(reviewRequest) },
  responses: { 200: jsonAnswer(reviewedResponse, 'Decided'), ...problems(400, 401, 403, 404, 409, 413, 415, 503) },
});

/** The routes for requests about a placed order. */
export function createCustomerRequestRoutes(orders: Pick<OrdersService, 'get'>, requests: CustomerRequests) {
  const routes = createRoutes();

  /** Other customers must not even learn that the order exists. */
  async function refuseStranger(orderId: string, who: Actor): Promise<void> {
    const { order } = await orders.get(orderId);
    if (!mayActFor(who, order.userId)) throw platformError('not-found', `There is no order ${orderId}`);
  }

  routes.openapi(cancelOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    await refuseStranger(orderId, actor(c));
    const { order } = await requests.cancel(orderId, c.req.valid('json').reason);
    return c.json({ orderId, status: order.status }, 202);
  });

  routes.openapi(returnOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    await refuseStranger(orderId, actor(c));
    const { order } = await requests.return(orderId, c.req.valid('json').reason);
    return c.json({ orderId, status: order.status }, 202);
  });

  routes.openapi(reviewOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    const review = c.req.valid('json');
    await requests.review(orderId, review, actor(c).userId);
    return c.json({ orderId, decision: review.decision }, 200);
  });

  return routes;
}
