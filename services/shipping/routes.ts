import { createRoute } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { shipmentListQuery, shipmentListResponse } from '../../contracts/http/shipments';
import { actor, mayActFor } from '../../lib/http/auth';
import { createRoutes, jsonAnswer, problems } from '../../lib/http/routes';
import type { Shipment } from './domain';
import type { ShippingService } from './service';

const listShipments = createRoute({
  operationId: 'listShipments',
  method: 'get',
  path: '/shipments',
  tags: ['shipping'],
  summary: 'List the shipments of an order',
  description: 'A customer sees the shipments of their own orders; for any other order the list is empty.',
  ...requires('shipments:read'),
  request: { query: shipmentListQuery },
  responses: { 200: jsonAnswer(shipmentListResponse, 'The shipments'), ...problems(400, 401, 403) },
});

/** The HTTP routes of the shipping service. */
export function createShippingRoutes(shipping: Pick<ShippingService, 'shipmentsOf'>) {
  const routes = createRoutes();

  routes.openapi(listShipments, async (c) => {
    const found = await shipping.shipmentsOf(c.req.valid('query').orderId);
    const visible = found.filter(({ userId }) => mayActFor(actor(c), userId));
    return c.json({ items: visible.map(toResponse) }, 200);
  });

  return routes;
}

const toResponse = ({ shipmentId, orderId, status, trackingNumber }: Shipment) => ({
  shipmentId,
  orderId,
  status,
  trackingNumber,
});
