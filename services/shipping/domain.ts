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
import { derivedId } from '../../lib/ids/ids';
import { StepRefused } from '../../lib/saga/steps';

export type ShipmentEvent = EventOf<(typeof shipmentEvents)[number]>;
export type ShipmentStatus = 'booked' | 'cancelled' | 'dispatched' | 'delivered';
/** What the carrier reports about a parcel. */
export type Report = CarrierReport['status'];

/** A shipment, folded from its events. */
export interface Shipment {
  shipmentId: string;
  orderId: string;
  status: ShipmentStatus;
  trackingNumber: string;
}

/** An order has one shipment, whose id is derived from the order's. */
export const shipmentIdOf = (orderId: string): string => derivedId(orderId, 'shipment');

export type ShipmentCommand =
  | { type: 'book'; shipmentId: string; orderId: string; userId: string; trackingNumber: string }
  | { type: 'report'; shipmentId: string; report: Report }
  | { type: 'cancel' };

/** A shipment with a report of the carrier that is not an event yet. */
export interface KnownShipment extends Shipment {
  /** The carrier has reported the delivery, perhaps before the dispatch. */
  deliveryReported?: boolean;
}

/**
 * @throws `version-conflict` for a second booking; `not-found` for a report on an unknown shipment, `conflict` for one on
 * a cancelled shipment; `shipment-not-cancellable` for the cancellation of a delivered one.
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

/** Reports may come twice and in any order: a delivery is applied after its dispatch. */
function report(shipment: KnownShipment, what: Report): ShipmentEvent[] {
  const { shipmentId, orderId, status, deliveryReported } = shipment;
  if (status === 'cancelled')
    throw platformError('conflict', `Shipment ${shipmentId} was cancelled, so it cannot be ${what}`);
  const dispatched = shipmentDispatched({ shipmentId, orderId });
  const delivered = shipmentDelivered({ shipmentId, orderId });
  if (what === 'dispatched' && status === 'booked') return deliveryReported ? [dispatched, delivered] : [dispatched];
  return what === 'delivered' && status === 'dispatched' ? [delivered] : [];
}

/**
 * A second cancellation does nothing. A dispatched parcel is called back, because an order may be cancelled just before
 * its dispatch becomes known; a delivered one is not, even if only its delivery was reported.
 */
function cancel({ shipmentId, orderId, status, deliveryReported }: KnownShipment): ShipmentEvent[] {
  if (status === 'cancelled') return [];
  if (status !== 'delivered' && !deliveryReported) return [shipmentCancelled({ shipmentId, orderId })];
  throw new StepRefused<UndoRefusal>(
    'shipment-not-cancellable',
    `Shipment ${shipmentId} is delivered and can no longer be cancelled`,
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
