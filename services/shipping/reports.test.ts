import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { shipmentEvents } from '../../contracts/events/shipment';
import { selectStream } from '../../lib/eventlog/store';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { details } from '../../tests/support/order-details';
import { createSimulatedCarrier } from './carrier/simulator';
import { shipmentIdOf, type Report } from './domain';
import { shippingMigrations } from './migrations';
import { createShippingService } from './service';
import type { ShippingTables } from './tables';

let shipping: TestDatabase<ShippingTables>;

beforeAll(async () => {
  shipping = await createTestDatabase<ShippingTables>(shippingMigrations);
});
afterAll(() => shipping.drop());

const address = { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' };

/** A booked parcel, and how often the carrier was told to cancel it; its first `deafFor` calls fail. */
async function bookedParcel({ deafFor = 0 } = {}) {
  let calls = 0;
  const simulated = createSimulatedCarrier({ db: shipping.database.kysely });
  const service = createShippingService({
    details,
    database: shipping.database,
    carrier: {
      ...simulated,
      cancel: (key) => {
        calls += 1;
        return calls > deafFor ? simulated.cancel(key) : Promise.reject(new Error('the line is dead'));
      },
    },
    notifier: { notify: () => undefined },
    clock: () => new Date(),
  });
  const orderId = randomUUID();
  const key = `order/${orderId}/book`;
  const shipmentId = shipmentIdOf(orderId);
  await service.bookShipment(key, { orderId, userId: randomUUID(), address });
  return {
    report: (what: Report) => service.report(shipmentId, what),
    cancel: () => service.cancelShipment(key, { orderId }),
    status: async () => (await service.shipmentsOf(orderId))[0]?.status,
    calledBack: () => Math.max(calls - deafFor, 0),
    events: async () =>
      (await selectStream(shipping.database.kysely, `shipment-${shipmentId}`)).map((event) => {
        shipmentEvents.find(({ type }) => type === event.type)?.parse(event.dataVersion, event.data);
        return event.type.replace('shipment.', '');
      }),
  };
}

test('a parcel is dispatched, then delivered', async () => {
  const parcel = await bookedParcel();
  expect(await parcel.report('dispatched')).toMatchObject({ status: 'dispatched' });
  expect(await parcel.report('delivered')).toMatchObject({ status: 'delivered' });
  expect(await parcel.events()).toEqual(['booked', 'dispatched', 'delivered']);
  expect(await parcel.status()).toBe('delivered');
});

test('a report that is repeated makes no second event', async () => {
  const parcel = await bookedParcel();
  for (const what of ['dispatched', 'dispatched', 'delivered', 'delivered', 'dispatched'] as const)
    await parcel.report(what);
  expect(await parcel.events()).toEqual(['booked', 'dispatched', 'delivered']);
});

test('a delivery that is reported first waits for its dispatch', async () => {
  const parcel = await bookedParcel();
  expect(await parcel.report('delivered')).toMatchObject({ status: 'booked' });
  expect(await parcel.events()).toEqual(['booked']);
  expect(await parcel.report('dispatched')).toMatchObject({ status: 'delivered' });
  expect(await parcel.events()).toEqual(['booked', 'dispatched', 'delivered']);
});

test('reports that come at once are neither doubled nor lost', async () => {
  for (let round = 0; round < 10; round += 1) {
    const parcel = await bookedParcel();
    const reports = ['delivered', 'dispatched', 'dispatched', 'delivered'] as const;
    await Promise.all(reports.map(parcel.report));
    expect(await parcel.events()).toEqual(['booked', 'dispatched', 'delivered']);
  }
});

test('a delivered parcel is not called back, and its booking stands', async () => {
  const parcel = await bookedParcel();
  await parcel.report('delivered');
  for (const _attempt of [1, 2])
    await expect(parcel.cancel()).rejects.toMatchObject({ code: 'shipment-not-cancellable' });
  expect(parcel.calledBack()).toBe(0);
  await parcel.report('dispatched');
  expect(await parcel.events()).toEqual(['booked', 'dispatched', 'delivered']);
});

test('a parcel on its way is called back', async () => {
  const parcel = await bookedParcel();
  await parcel.report('dispatched');
  await parcel.cancel();
  expect(parcel.calledBack()).toBe(1);
  expect(await parcel.events()).toEqual(['booked', 'dispatched', 'cancelled']);
  await expect(parcel.report('delivered')).rejects.toMatchObject({ code: 'conflict' });
});

test('a cancellation that did not reach the carrier is sent again', async () => {
  const parcel = await bookedParcel({ deafFor: 1 });
  await expect(parcel.cancel()).rejects.toThrow('the line is dead');
  await parcel.cancel();
  expect(parcel.calledBack()).toBe(1);
  expect(await parcel.events()).toEqual(['booked', 'cancelled']);
});

test('a report about a cancelled parcel is a conflict', async () => {
  const parcel = await bookedParcel();
  await parcel.cancel();
  for (const what of ['dispatched', 'delivered'] as const)
    await expect(parcel.report(what)).rejects.toMatchObject({ code: 'conflict' });
  expect(await parcel.events()).toEqual(['booked', 'cancelled']);
});

test('of a concurrent cancellation and dispatch one comes first: the parcel is stopped or called back', async () => {
  for (let round = 0; round < 10; round += 1) {
    const parcel = await bookedParcel();
    const [cancel, dispatch] = await Promise.allSettled([parcel.cancel(), parcel.report('dispatched')]);
    expect(cancel.status).toBe('fulfilled');
    const onItsWay = dispatch.status === 'fulfilled' ? ['dispatched'] : [];
    expect(await parcel.events()).toEqual(['booked', ...onItsWay, 'cancelled']);
    expect(parcel.calledBack()).toBe(1);
  }
});

test('a shipment that was not booked is unknown', async () => {
  const service = createShippingService({
    details,
    database: shipping.database,
    carrier: createSimulatedCarrier({ db: shipping.database.kysely }),
    notifier: { notify: () => undefined },
    clock: () => new Date(),
  });
  await expect(service.report(randomUUID(), 'dispatched')).rejects.toMatchObject({ code: 'not-found' });
});
