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

/** `POST /webhooks/carrier`: what the carrier has done with a parcel. */
export const carrierReportRequest = z.strictObject({
  shipmentId: anyCaseId,
  status: z.enum(['dispatched', 'delivered']),
});
export type CarrierReport = z.infer<typeof carrierReportRequest>;

/** The status of the shipment now: a delivery that is reported before its dispatch waits, and changes nothing yet. */
export const carrierReportResponse = z.strictObject({ shipmentId: id, status });
export type CarrierReportAnswer = z.infer<typeof carrierReportResponse>;

/** Where a report says when it was signed (unix seconds), and with what proof (HMAC-SHA256 of `<timestamp>.<body>`). */
export const carrierHeaders = { timestamp: 'x-carrier-timestamp', signature: 'x-carrier-signature' } as const;
