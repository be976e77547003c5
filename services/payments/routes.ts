import { createRoute } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { paymentListQuery, paymentListResponse } from '../../contracts/http/payments';
import { actor, mayActFor } from '../../lib/http/auth';
import { createRoutes, jsonAnswer, problems } from '../../lib/http/routes';
import type { Payment } from './domain';
import type { PaymentsService } from './service';

const listPayments = createRoute({
  operationId: 'listPayments',
  method: 'get',
  path: '/payments',
  tags: ['payments'],
  summary: 'List the payments of an order',
  description: 'A customer sees the payments of their own orders; for any other order the list is empty.',
  ...requires('payments:read'),
  request: { query: paymentListQuery },
  responses: { 200: jsonAnswer(paymentListResponse, 'The payments'), ...problems(400, 401, 403) },
});

/** The HTTP routes of the payment service. */
export function createPaymentRoutes(payments: Pick<PaymentsService, 'paymentsOf'>) {
  const routes = createRoutes();

  routes.openapi(listPayments, async (c) => {
    const found = await payments.paymentsOf(c.req.valid('query').orderId);
    const visible = found.filter(({ userId }) => mayActFor(actor(c), userId));
    return c.json({ items: visible.map(toResponse) }, 200);
  });

  return routes;
}

const toResponse = ({ paymentId, orderId, status, amount, captured, refunded }: Payment) => ({
  paymentId,
  orderId,
  status,
  amount,
  captured,
  refunded,
});
