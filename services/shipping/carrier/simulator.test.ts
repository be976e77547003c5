import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import { shippingMigrations } from '../migrations';
import type { ShippingTables } from '../tables';
import { createSimulatedCarrier } from './simulator';

let books: TestDatabase<ShippingTables>;

beforeAll(async () => {
  books = await createTestDatabase<ShippingTables>(shippingMigrations);
});
afterAll(() => books.drop());

const carrier = () => createSimulatedCarrier({ db: books.database.kysely });
const parcel = (postalCode = 'SW1Y') => ({
  shipmentId: randomUUID(),
  address: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode, country: 'GB' },
});

test.each([
  ['SW1Y', { outcome: 'booked', trackingNumber: expect.stringMatching(/^SIM-/) }],
  ['00000', { outcome: 'refused', reason: 'The carrier does not deliver to 00000' }],
])('a parcel to %s is answered the same with one key, by another process too', async (postalCode, answer) => {
  const [key, what] = [randomUUID(), parcel(postalCode)];
  expect(await carrier().book(key, what)).toEqual(answer);
  expect(await carrier().book(key, what)).toEqual(answer);
});

test('a booking that comes after its cancellation is not made', async () => {
  const [early, late] = [randomUUID(), randomUUID()];
  const what = parcel();
  await carrier().book(early, what);
  for (const key of [early, early, late]) await carrier().cancel(key);
  for (const key of [early, late]) expect(await carrier().book(key, what)).toEqual({ outcome: 'cancelled' });
});

test('a key with another parcel is refused as a mistake', async () => {
  const key = randomUUID();
  await carrier().book(key, parcel());
  await expect(carrier().book(key, parcel())).rejects.toMatchObject({ code: 'effect-key-reused' });
});
