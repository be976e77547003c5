import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../chaos/random';
import { reportParcel } from '../support/carrier';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type Answer, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const orders = 200;
const together = 20;
const seed = 6;

const one = async (path: string, orderId: string): Promise<Answer['body'] | undefined> => {
  const { body } = await platform.call('GET', `${path}?orderId=${orderId}`);
  return (body['items'] as Answer['body'][])[0];
};
const statusOf = async (orderId: string): Promise<unknown> =>
  (await platform.call('GET', `/orders/${orderId}`)).body['status'];
const reaches = (orderId: string, statuses: string[]): Promise<unknown> =>
  eventually(async () => {
    const status = await statusOf(orderId);
    expect(statuses).toContain(status);
    return status;
  }, 60_000);

/** The carrier fetches the parcel as soon as it may, and brings it once the shop knows that it is on its way. */
async function carry(orderId: string): Promise<void> {
  if ((await reaches(orderId, ['confirmed', 'cancelled'])) === 'cancelled') return;
  await reportParcel(platform, world, orderId, 'dispatched');
  if ((await reaches(orderId, ['shipped', 'cancelled'])) === 'shipped')
    await reportParcel(platform, world, orderId, 'delivered');
}

/** What became of an order that its customer wanted to cancel. */
interface Outcome {
  answer: number;
  /** Where it was just before. */
  from: unknown;
  status: unknown;
  payment: unknown;
  shipment: unknown;
}

/** Cancels when `moment` has come, which begins when the order is placed and its parcel is waited for. */
async function cancelledAt(
  moment: (carried: Promise<void>) => Promise<unknown>,
  wanted: { userId: string; sku: string },
): Promise<Outcome> {
  const orderId = await shop.order(wanted);
  const carried = carry(orderId);
  await moment(carried);
  const from = await statusOf(orderId);
  const { status: answer } = await platform.call('POST', `/orders/${orderId}/cancel`, { reason: 'changed my mind' });
  const status = await reaches(orderId, ['cancelled', 'delivered']);
  await carried;
  const [payment, shipment] = [await one('/payments', orderId), await one('/shipments', orderId)];
  return { answer, from, status, payment: payment?.['status'], shipment: shipment?.['status'] };
}

test('a cancel at any moment either undoes everything, or is refused and the order goes on; never between', async () => {
  const wanted = { userId: await shop.user(), sku: await shop.product(orders) };
  const random = createRandom(seed);
  const outcomes: Outcome[] = [];
  const customer = async (): Promise<void> => {
    // The first cancels too late, which shows how long an order takes on this machine, under this load.
    const born = performance.now();
    outcomes.push(await cancelledAt((carried) => carried, wanted));
    const life = performance.now() - born;
    for (let n = 1; n < orders / together; n += 1) {
      outcomes.push(await cancelledAt(() => sleep(random.next() ** 2 * life), wanted));
    }
  };
  await Promise.all(Array.from({ length: together }, customer));

  const [undone, gone] = [
    outcomes.filter(({ answer }) => answer === 202),
    outcomes.filter(({ answer }) => answer === 409),
  ];
  expect(undone.length + gone.length).toBe(orders);
  for (const { status, payment, shipment } of undone) {
    expect({ status, payment, shipment }).toMatchObject({ status: 'cancelled' });
    expect([undefined, 'voided', 'refunded']).toContain(payment);
    expect([undefined, 'cancelled']).toContain(shipment);
  }
  for (const outcome of gone) {
    expect(outcome).toMatchObject({ status: 'delivered', payment: 'captured', shipment: 'delivered' });
  }
  // Otherwise the moments were not those of a whole life.
  expect(new Set(undone.map(({ from }) => from))).toEqual(new Set(['placed', 'confirmed']));
  const payments = new Set(undone.map(({ payment }) => payment));
  // A cancel that comes while steps are called directly takes effect after the capture.
  expect([...payments].filter((status) => ![undefined, 'voided', 'refunded'].includes(status as string))).toEqual([]);
  expect(payments).toContain('refunded');
  expect(gone.length).toBeGreaterThan(together);

  expect(await shop.stock(wanted.sku)).toMatchObject({
    available: orders - gone.length,
    reserved: 0,
    shipped: gone.length,
  });
  expect(await sagaworks(platform, ['audit', '--settle', '0'], world.env)).toMatchObject({
    code: 0,
    out: `${orders} orders: everything agrees\n`,
  });
}, 240_000);
