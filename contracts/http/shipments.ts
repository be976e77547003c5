import { z } from 'zod';
import { id } from '../ids';

/** `GET /shipments?orderId=` */
export const shipmentListQuery = z.strictObject({ orderId: id });

const shipment = z.strictObject({
  shipmentId: id,
  orderId: id,
  status: z.enum(['booked', 'cancelled', 'dispatched', 'delivered']),
  trackingNumber: z.string(),
});

export const shipmentListResponse = z.strictObject({ items: z.array(shipment) });
