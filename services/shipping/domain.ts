import type { EventOf } from '../../lib/events/define';
import {
  shipmentCancelled,
  shipmentDelivered,
  shipmentDispatched,
  type shipmentEvents,
} from '../../contracts/events/shipment';
import type { CarrierReport } from '../../contracts/http/shipments';
import { derivedId } from '../../lib/ids/derived-id';
import { fail } from './errors';

export type ShipmentEvent = EventOf<(typeof shipmentEvents)[number]>;
export type ShipmentStatus = 'booked' | 'cancelled' | 'dispatched' | 'delivered';
/** What the carrier tells of a parcel. */
export type Report = CarrierReport['status'];

/** A shipment as its events tell it. */
export interface Shipment {
  shipmentId: string;
  orderId: string;
  userId: string;
  status: ShipmentStatus;
  trackingNumber: string;
  version: number;
  /** The carrier has said that it is delivered, maybe before it said that it is dispatched. */
  deliveryReported: boolean;
}

/** A shipment of which nothing has happened yet. */
export type NewShipment = Omit<Shipment, 'status' | 'version' | 'deliveryReported'>;

/** An order has one shipment, and its id is known before it is booked. */
export const shipmentIdOf = (orderId: string): string => derivedId(orderId, 'shipment');

const statusAfter = {
  'shipment.booked': 'booked',
  'shipment.cancelled': 'cancelled',
  'shipment.dispatched': 'dispatched',
  'shipment.delivered': 'delivered',
} as const satisfies Record<ShipmentEvent['type'], ShipmentStatus>;

/** The shipment after its first event. */
export const begin = (shipment: NewShipment, event: ShipmentEvent): Shipment =>
  evolve({ ...shipment, status: 'booked', version: 0, deliveryReported: false }, event);

/** The shipment after one more event. */
export const evolve = (shipment: Shipment, { type }: ShipmentEvent): Shipment => ({
  ...shipment,
  status: statusAfter[type],
  version: shipment.version + 1,
});

/**
 * What follows from a report. Reports may come twice and in any order: a delivery waits for its dispatch, then follows it.
 * @throws `conflict` for a parcel that was cancelled.
 */
export function decideReport(shipment: Shipment, report: Report): ShipmentEvent[] {
  const { shipmentId, orderId, status, deliveryReported } = shipment;
  if (status === 'cancelled') throw fail('conflict', `Shipment ${shipmentId} was cancelled; it can't be ${report}`);
  const dispatched = shipmentDispatched({ shipmentId, orderId });
  const delivered = shipmentDelivered({ shipmentId, orderId });
  if (report === 'dispatched' && status === 'booked') return deliveryReported ? [dispatched, delivered] : [dispatched];
  return report === 'delivered' && status === 'dispatched' ? [delivered] : [];
}

/** The shipment that remembers a report, whether something follows from it by now or not. */
export const remember = (shipment: Shipment, report: Report): Shipment => ({
  ...shipment,
  deliveryReported: shipment.deliveryReported || report === 'delivered',
});

/**
 * What a cancel does; a second one does nothing. A parcel on its way is called back: an order may have been cancelled
 * just before its dispatch became known.
 * @throws `shipment-not-cancellable` for a parcel that is delivered, be it that only that was reported.
 */
export function decideCancel({ shipmentId, orderId, status, deliveryReported }: Shipment): ShipmentEvent[] {
  if (status === 'cancelled') return [];
  if (status !== 'delivered' && !deliveryReported) return [shipmentCancelled({ shipmentId, orderId })];
  throw fail('shipment-not-cancellable', `Shipment ${shipmentId} is delivered; it can't be called back`, {
    details: { shipmentId, status },
  });
}
