import {
  shipmentBooked,
  shipmentCancelled,
  shipmentDelivered,
  shipmentDispatched,
  shipmentEvents,
} from '../../contracts/events/shipment';
import type { CarrierReport } from '../../contracts/http/shipments';
import type { UndoRefusal } from '../../contracts/saga/activities';
import { defineAggregate } from '../../lib/aggregate/aggregate';
import { platformError } from '../../lib/errors/errors';
import type { EventOf } from '../../lib/events/define';
import { derivedId } from '../../lib/ids/derived-id';
import { StepRefused } from '../../lib/saga/steps';

export type ShipmentEvent = EventOf<(typeof shipmentEvents)[number]>;
export type ShipmentStatus = 'booked' | 'cancelled' | 'dispatched' | 'delivered';
/** What the carrier tells of a parcel. */
export type Report = CarrierReport['status'];

/** A shipment as its events tell it. */
export interface Shipment {
  shipmentId: string;
  orderId: string;
  status: ShipmentStatus;
  trackingNumber: string;
}

/** An order has one shipment, and its id is known before it is booked. */
export const shipmentIdOf = (orderId: string): string => derivedId(orderId, 'shipment');

export type ShipmentCommand =
  | { type: 'book'; shipmentId: string; orderId: string; userId: string; trackingNumber: string }
  | { type: 'report'; shipmentId: string; report: Report }
  | { type: 'cancel' };

/** A shipment, and what the carrier said of it that is no event yet. */
export interface KnownShipment extends Shipment {
  /** The carrier has said that it is delivered, maybe before it said that it is dispatched. */
  deliveryReported?: boolean;
}

/**
 * @throws `version-conflict` for a second booking; `not-found` for a report of no shipment, `conflict` for that of a
 * cancelled one; `shipment-not-cancellable` for a parcel that is delivered.
 */
function decide(command: ShipmentCommand, shipment: KnownShipment | undefined): ShipmentEvent[] {
  switch (command.type) {
    case 'book': {
      const { shipmentId, orderId, trackingNumber } = command;
      if (shipment) throw platformError('version-conflict', `Shipment ${shipmentId} is booked already`);
      return [shipmentBooked({ shipmentId, orderId, trackingNumber })];
    }
    case 'report':
      if (!shipment) throw platformError('not-found', `There is no shipment ${command.shipmentId}`);
      return report(shipment, command.report);
    case 'cancel':
      return shipment ? cancel(shipment) : [];
  }
}

/** Reports may come twice and in any order: a delivery waits for its dispatch, then follows it. */
function report(shipment: KnownShipment, what: Report): ShipmentEvent[] {
  const { shipmentId, orderId, status, deliveryReported } = shipment;
  if (status === 'cancelled')
    throw platformError('conflict', `Shipment ${shipmentId} was cancelled; it can't be ${what}`);
  const dispatched = shipmentDispatched({ shipmentId, orderId });
  const delivered = shipmentDelivered({ shipmentId, orderId });
  if (what === 'dispatched' && status === 'booked') return deliveryReported ? [dispatched, delivered] : [dispatched];
  return what === 'delivered' && status === 'dispatched' ? [delivered] : [];
}

/**
 * A second cancel does nothing. A parcel on its way is called back: an order may have been cancelled just before its
 * dispatch became known. One that is delivered is not, be it that only that was reported.
 */
function cancel({ shipmentId, orderId, status, deliveryReported }: KnownShipment): ShipmentEvent[] {
  if (status === 'cancelled') return [];
  if (status !== 'delivered' && !deliveryReported) return [shipmentCancelled({ shipmentId, orderId })];
  throw new StepRefused<UndoRefusal>(
    'shipment-not-cancellable',
    `Shipment ${shipmentId} is delivered; it can't be called back`,
  );
}

const statusAfter = {
  'shipment.booked': 'booked',
  'shipment.cancelled': 'cancelled',
  'shipment.dispatched': 'dispatched',
  'shipment.delivered': 'delivered',
} as const satisfies Record<ShipmentEvent['type'], ShipmentStatus>;

function evolve(shipment: KnownShipment | undefined, event: ShipmentEvent): KnownShipment {
  const status = statusAfter[event.type];
  if (event.type === 'shipment.booked') return { ...event.data, status };
  if (!shipment) throw new Error(`${event.type} of ${event.data.shipmentId} comes before its shipment.booked`);
  return { ...shipment, status };
}

export const shipment = defineAggregate({ stream: 'shipment', events: shipmentEvents, decide, evolve });
