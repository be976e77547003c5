import { z } from 'zod';
import { anyCaseId, id } from '../../lib/ids/ids';

/** `GET /shipments?orderId=` */
export const shipmentListQuery = z.strictObject({ orderId: anyCaseId });

const status = z.enum(['booked', 'cancelled', 'dispatched', 'delivered']);
const shipment = z.strictObject({
  shipmentId: id,
  orderId: id,
  status,
  trackingNumber: z.string(),
});

export const shipmentListResponse = z.strictObject({ items: z.array(shipment) });

/** `POST /webhooks/carrier`: the carrier's report on a parcel. */
export const carrierReportRequest = z.strictObject({
  shipmentId: anyCaseId,
  status: z.enum(['dispatched', 'delivered']),
});
export type CarrierReport = z.infer<typeof carrierReportRequest>;

/** The current status of the shipment: a delivery that is reported before its dispatch changes nothing yet. */
export const carrierReportResponse = z.strictObject({ shipmentId: id, status });
export type CarrierReportAnswer = z.infer<typeof carrierReportResponse>;

/** The headers of a report: when it was signed (Unix seconds), and the HMAC-SHA256 of `<timestamp>.<body>`. */
export const carrierHeaders = { timestamp: 'x-carrier-timestamp', signature: 'x-carrier-signature' } as const;
