import { createRoute } from '@hono/zod-openapi';
import { carrierHeaders, carrierReportRequest, carrierReportResponse } from '../../../contracts/http/shipments';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../../../lib/http/routes';
import { signedBy, signedRequest, type Signer } from '../../../lib/http/signed';
import type { ShippingService } from '../service';

const reportParcel = ({ secrets, clock }: WebhookOptions) =>
  createRoute({
    operationId: 'reportParcel',
    method: 'post',
    path: '/webhooks/carrier',
    tags: ['shipping'],
    summary: 'Report the dispatch or the delivery of a parcel (for the carrier)',
    description:
      'Signed, without a bearer token. Reports may come twice and in any order: a delivery is applied after its dispatch.',
    ...signedRequest(carrierHeaders),
    middleware: [signedBy({ name: 'carrier', secrets, clock, headers: carrierHeaders })] as const,
    request: { body: jsonBody(carrierReportRequest) },
    responses: { 202: jsonAnswer(carrierReportResponse, 'Accepted'), ...problems(400, 401, 404, 409, 413, 415, 503) },
  });

type WebhookOptions = Pick<Signer, 'secrets' | 'clock'>;

/** The webhook of the carrier. */
export function createCarrierWebhook(shipping: Pick<ShippingService, 'report'>, options: WebhookOptions) {
  const routes = createRoutes();

  routes.openapi(reportParcel(options), async (c) => {
    const { shipmentId, status: what } = c.req.valid('json');
    const { status } = await shipping.report(shipmentId, what);
    return c.json({ shipmentId, status }, 202);
  });

  return routes;
}
