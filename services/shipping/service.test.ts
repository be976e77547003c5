import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { selectStream } from '../../lib/eventlog/store';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { latch } from '../../tests/lib-support/latch';
import { details } from '../../tests/support/order-details';
import type { Carrier } from './carrier/carrier';
import { createSimulatedCarrier } from './carrier/simulator';
import { shipmentIdOf } from './domain';
import { shippingMigrations } from './migrations';
import { createShippingService } from './service';
import type { ShippingTables } from './tables';

let shipping: TestDatabase<ShippingTables>;

beforeAll(async () => {
  shipping = await createTestDatabase<ShippingTables>(shippingMigrations);
});
afterAll(() => shipping.drop());

/** An order about to be shipped; `change` puts something between the service and the carrier. */
function order({ postalCode = 'SW1Y', change = {} }: { postalCode?: string; change?: Partial<Carrier> } = {}) {
  const service = createShippingService({
    details,
    database: shipping.database,
    carrier: { ...createSimulatedCarrier({ db: shipping.database.kysely }), ...change },
    notifier: { notify: () => undefined },
    clock: () => new Date(),
  });
  const orderId = randomUUID();
  const userId = randomUUID();
  const key = `order/${orderId}/book`;
  const address = { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode, country: 'GB' };
  return {
    key,
    book: () => service.bookShipment(key, { orderId, userId, address }),
    cancel: () => service.cancelShipment(key, { orderId }),
    shipments: () => service.shipmentsOf(orderId),
    events: async () =>
      (await selectStream(shipping.database.kysely, `shipment-${shipmentIdOf(orderId)}`)).map(({ type }) => type),
  };
}

test('a parcel is booked once, and has a tracking number', async () => {
  const parcel = order();
  const [first, second] = [await parcel.book(), await parcel.book()];
  expect(second).toEqual(first);
  expect(await parcel.events()).toEqual(['shipment.booked']);
  expect(await parcel.shipments()).toMatchObject([
    { ...first, status: 'booked', trackingNumber: expect.stringMatching(/^SIM-[0-9A-F]{12}$/) },
  ]);
});

test('an address that the carrier does not serve is refused every time', async () => {
  const nowhere = order({ postalCode: '00000' });
  await expect(nowhere.book()).rejects.toMatchObject({ code: 'address-not-serviceable' });
  await expect(nowhere.book()).rejects.toMatchObject({ code: 'address-not-serviceable' });
  expect(await nowhere.shipments()).toEqual([]);
});

test('a booking is cancelled once', async () => {
  const parcel = order();
  await parcel.book();
  await parcel.cancel();
  await parcel.cancel();
  expect(await parcel.events()).toEqual(['shipment.booked', 'shipment.cancelled']);
  await expect(parcel.book()).rejects.toMatchObject({ code: 'step-fenced' });
});

/** The carrier's own record of a parcel; undefined when there is none. */
async function atCarrier(key: string): Promise<string | undefined> {
  const booking = shipping.database.kysely
    .selectFrom('simulated_carrier_bookings')
    .select('outcome')
    .where('key', '=', key);
  return (await booking.executeTakeFirst())?.outcome;
}

test('a booking that comes after its cancel is refused here and at the carrier, though its process dies then', async () => {
  const [asked, cancelled] = [latch(), latch()];
  const simulated = createSimulatedCarrier({ db: shipping.database.kysely });
  let cancels = 0;
  const late = order({
    change: {
      book: async (key, parcel) => {
        asked.open();
        await cancelled.opened;
        return simulated.book(key, parcel);
      },
      cancel: (key) => {
        cancels += 1;
        return cancels === 1 ? simulated.cancel(key) : Promise.reject(new Error('the process died'));
      },
    },
  });
  const booking = expect(late.book()).rejects.toMatchObject({ code: 'step-fenced' });
  await asked.opened;
  await late.cancel();
  cancelled.open();
  await booking;
  expect(await atCarrier(late.key)).toBe('cancelled');
  expect(await late.events()).toEqual([]);
});
