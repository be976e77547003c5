import type { EventOf } from '../../contracts/events/define';
import type { shipmentEvents } from '../../contracts/events/shipment';
import { derivedId } from '../../lib/effects/derived-id';

export type ShipmentEvent = EventOf<(typeof shipmentEvents)[number]>;
export type ShipmentStatus = 'booked' | 'cancelled' | 'dispatched' | 'delivered';

/** A shipment as its events tell it. */
export interface Shipment {
  shipmentId: string;
  orderId: string;
  userId: string;
  status: ShipmentStatus;
  trackingNumber: string;
  version: number;
}

/** A shipment of which nothing has happened yet. */
export type NewShipment = Omit<Shipment, 'status' | 'version'>;

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
  evolve({ ...shipment, status: 'booked', version: 0 }, event);

/** The shipment after one more event. */
export const evolve = (shipment: Shipment, { type }: ShipmentEvent): Shipment => ({
  ...shipment,
  status: statusAfter[type],
  version: shipment.version + 1,
});
