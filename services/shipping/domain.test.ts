import { test } from '@jest/globals';
import {
  shipmentBooked,
  shipmentCancelled,
  shipmentDelivered,
  shipmentDispatched,
} from '../../contracts/events/shipment';
import { scenariosOf } from '../../lib/aggregate/testing';
import { shipment, type KnownShipment, type Report, type ShipmentCommand, type ShipmentEvent } from './domain';

const given = scenariosOf(shipment);
const { shipmentId, orderId, trackingNumber } = shipmentBooked.example;
const booked = shipmentBooked({ shipmentId, orderId, trackingNumber });
const dispatched = shipmentDispatched({ shipmentId, orderId });
const delivered = shipmentDelivered({ shipmentId, orderId });
const cancelled = shipmentCancelled({ shipmentId, orderId });

const report = (what: Report): ShipmentCommand => ({ type: 'report', shipmentId, report: what });
const cancel: ShipmentCommand = { type: 'cancel' };

test('a shipment is booked once', () => {
  const book: ShipmentCommand = { type: 'book', shipmentId, orderId, userId: orderId, trackingNumber };
  given().when(book).then(booked);
  given(booked).when(book).thenRefused('version-conflict');
});

test.each<[readonly Report[], readonly ShipmentEvent[]]>([
  [['dispatched'], [dispatched]],
  [['delivered'], []],
  [
    ['dispatched', 'delivered'],
    [dispatched, delivered],
  ],
  [['dispatched', 'dispatched'], [dispatched]],
  [
    ['dispatched', 'delivered', 'dispatched', 'delivered'],
    [dispatched, delivered],
  ],
])('the reports %p make their events', (reports, events) => {
  given(booked)
    .when(...reports.map(report))
    .then(...events);
});

const reportedDelivered: Partial<KnownShipment> = { deliveryReported: true };
const givenReported = scenariosOf(shipment, reportedDelivered);

test('a delivery that was reported first follows its dispatch, once', () => {
  givenReported(booked).when(report('delivered')).then();
  givenReported(booked)
    .when(report('dispatched'), report('delivered'), report('dispatched'))
    .then(dispatched, delivered);
});

test.each<Report>(['dispatched', 'delivered'])('a cancelled parcel cannot be %s', (what) => {
  given(booked, cancelled).when(report(what)).thenRefused('conflict');
});

test('a report of a parcel that is not booked is refused; its cancel does nothing', () => {
  given().when(report('dispatched')).thenRefused('not-found');
  given().when(cancel).then();
});

test('a parcel that is booked or dispatched can be called back, once', () => {
  given(booked).when(cancel, cancel).then(cancelled);
  given(booked, dispatched).when(cancel, cancel).then(cancelled);
});

test('a delivered parcel is not called back, even if only the delivery was reported', () => {
  given(booked, dispatched, delivered).when(cancel).thenRefused('shipment-not-cancellable');
  givenReported(booked).when(cancel).thenRefused('shipment-not-cancellable');
});
