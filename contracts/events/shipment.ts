import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { defineEvent } from '../../lib/events/define';

const shipment = z.strictObject({ shipmentId: id, orderId: id });
const example = {
  shipmentId: '0192f3a0-0000-7000-8000-0000000000e0',
  orderId: '0192f3a0-0000-7000-8000-00000000000a',
};

/** The carrier will collect the parcel. */
export const shipmentBooked = defineEvent('shipment.booked', {
  stream: 'shipment',
  subscribers: 'optional',
  versions: [{ schema: shipment.extend({ trackingNumber: z.string() }) }],
  example: { ...example, trackingNumber: 'SIM-00000000E0' },
});

/** The shipment was cancelled. */
export const shipmentCancelled = defineEvent('shipment.cancelled', {
  stream: 'shipment',
  subscribers: 'optional',
  versions: [{ schema: shipment }],
  example,
});

/** The carrier has collected the parcel. */
export const shipmentDispatched = defineEvent('shipment.dispatched', {
  stream: 'shipment',
  versions: [{ schema: shipment }],
  example,
});

/** The carrier has delivered the parcel. */
export const shipmentDelivered = defineEvent('shipment.delivered', {
  stream: 'shipment',
  versions: [{ schema: shipment }],
  example,
});

export const shipmentEvents = [shipmentBooked, shipmentCancelled, shipmentDispatched, shipmentDelivered] as const;
