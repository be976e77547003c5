import { createRoute, z } from '@hono/zod-openapi';
import { reviewedResponse, reviewRequest, withdrawnResponse, withdrawRequest } from '../../contracts/http/orders';
import { anyCaseId } from '../../lib/ids/ids';
import { platformError } from '../../lib/errors/errors';
import { actor, authenticated, mayActFor, operatorOnly, type Actor } from '../../lib/http/auth';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../../lib/http/routes';
import type { OrdersService } from './service';
import type { Wishes } from './wishes';

const shared = { method: 'post' as const, tags: ['orders'] };
const params = z.strictObject({ orderId: anyCaseId });

const cancelOrder = createRoute({
  ...shared,
  path: '/orders/{orderId}/cancel',
  summary: 'Cancel an order, at any moment before the carrier has it',
  description: 'Once accepted it is kept: everything that was done for the order is undone. Asking again is fine.',
  middleware: [authenticated] as const,
  request: { params, body: jsonBody(withdrawRequest) },
  responses: { 202: jsonAnswer(withdrawnResponse, 'Accepted'), ...problems(400, 401, 404, 409, 413, 415) },
});

const returnOrder = createRoute({
  ...shared,
  path: '/orders/{orderId}/return',
  summary: 'Send a delivered order back',
  description: 'The money goes back and the pieces are in stock again. Asking again is fine.',
  middleware: [authenticated] as const,
  request: { params, body: jsonBody(withdrawRequest) },
  responses: { 202: jsonAnswer(withdrawnResponse, 'Accepted'), ...problems(400, 401, 404, 409, 413, 415) },
});

const reviewOrder = createRoute({
  ...shared,
  path: '/orders/{orderId}/review',
  summary: 'Decide on an order that waits for a person',
  description: 'The saga has taken the decision when this answers. The same decision again is fine, another is not.',
  middleware: [operatorOnly] as const,
  request: { params, body: jsonBody(reviewRequest) },
  responses: { 200: jsonAnswer(reviewedResponse, 'Decided'), ...problems(400, 401, 403, 404, 409, 413, 415, 503) },
});

/** What people can still ask of an order that is placed. */
export function createWishRoutes(orders: Pick<OrdersService, 'get'>, wishes: Wishes) {
  const routes = createRoutes();

  /** A stranger must not even learn that it exists. */
  async function refuseStranger(orderId: string, who: Actor): Promise<void> {
    const { order } = await orders.get(orderId);
    if (!mayActFor(who, order.userId)) throw platformError('not-found', `There is no order ${orderId}`);
  }

  routes.openapi(cancelOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    await refuseStranger(orderId, actor(c));
    const { order } = await wishes.cancel(orderId, c.req.valid('json').reason);
    return c.json({ orderId, status: order.status }, 202);
  });

  routes.openapi(returnOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    await refuseStranger(orderId, actor(c));
    const { order } = await wishes.return(orderId, c.req.valid('json').reason);
    return c.json({ orderId, status: order.status }, 202);
  });

  routes.openapi(reviewOrder, async (c) => {
    const { orderId } = c.req.valid('param');
    const review = c.req.valid('json');
    await wishes.review(orderId, review);
    return c.json({ orderId, decision: review.decision }, 200);
  });

  return routes;
}
