import { createRoute } from '@hono/zod-openapi';
import { carrierHeaders, carrierReportRequest, carrierReportResponse } from '../../../contracts/http/shipments';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../../../lib/http/routes';
import { signedBy, signedRequest, type Signer } from '../../../lib/http/signed';
import type { ShippingService } from '../service';

const reportParcel = ({ secret, clock }: WebhookOptions) =>
  createRoute({
    method: 'post',
    path: '/webhooks/carrier',
    tags: ['shipping'],
    summary: 'The carrier reports what it has done with a parcel',
    description:
      'Signed instead of bearing a token. Reports may come twice and in any order: a delivery waits for its dispatch.',
    ...signedRequest(carrierHeaders),
    middleware: [signedBy({ name: 'carrier', secret, clock, headers: carrierHeaders })] as const,
    request: { body: jsonBody(carrierReportRequest) },
    responses: { 202: jsonAnswer(carrierReportResponse, 'Heard'), ...problems(400, 401, 404, 409, 413, 415, 503) },
  });

type WebhookOptions = Pick<Signer, 'secret' | 'clock'>;

/** Where the carrier calls us. */
export function createCarrierWebhook(shipping: Pick<ShippingService, 'report'>, options: WebhookOptions) {
  const routes = createRoutes();

  routes.openapi(reportParcel(options), async (c) => {
    const { shipmentId, status: what } = c.req.valid('json');
    const { status } = await shipping.report(shipmentId, what);
    return c.json({ shipmentId, status }, 202);
  });

  return routes;
}
