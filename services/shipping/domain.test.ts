import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  decideCancel,
  decideReport,
  evolve,
  remember,
  type Report,
  type Shipment,
  type ShipmentEvent,
  type ShipmentStatus,
} from './domain';

const shipment = (status: ShipmentStatus, deliveryReported = false): Shipment => ({
  shipmentId: randomUUID(),
  orderId: randomUUID(),
  userId: randomUUID(),
  trackingNumber: 'SIM-00000000E0',
  version: 1,
  status,
  deliveryReported,
});
const types = (events: ShipmentEvent[]): string[] => events.map(({ type }) => type);

/** The events of a booked shipment after these reports. */
function after(reports: readonly Report[]): string[] {
  const told: ShipmentEvent[] = [];
  let now = shipment('booked');
  for (const report of reports) {
    const events = decideReport(now, report);
    told.push(...events);
    now = events.reduce(evolve, remember(now, report));
  }
  return types(told);
}

const [d, x] = ['dispatched', 'delivered'] as const;
const both = ['shipment.dispatched', 'shipment.delivered'];
test.each<[readonly Report[], string[]]>([
  [[d], ['shipment.dispatched']],
  [[x], []],
  [[d, x], both],
  [[x, d], both],
  [[d, d], ['shipment.dispatched']],
  [[x, x], []],
  [[x, x, d, d], both],
  [[d, x, d, x], both],
  [[x, d, x, d], both],
])('the reports %p make the events %p', (reports, events) => {
  expect(after(reports)).toEqual(events);
});

test.each<Report>(['dispatched', 'delivered'])('a cancelled parcel cannot be %s', (report) => {
  expect(() => decideReport(shipment('cancelled'), report)).toThrow(expect.objectContaining({ code: 'conflict' }));
});

test.each(['booked', 'dispatched'] as const)('a %s parcel can be called back, once', (status) => {
  expect(types(decideCancel(shipment(status)))).toEqual(['shipment.cancelled']);
  expect(decideCancel(shipment('cancelled'))).toEqual([]);
});

test.each([shipment('delivered', true), shipment('booked', true)])(
  'a delivered parcel is not called back: $status, delivery reported: $deliveryReported',
  (delivered) => {
    expect(() => decideCancel(delivered)).toThrow(expect.objectContaining({ code: 'shipment-not-cancellable' }));
  },
);
