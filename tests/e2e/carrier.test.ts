import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sagaworks } from '../support/command';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
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

async function shipmentOf(orderId: string) {
  const { body } = await platform.call('GET', `/shipments?orderId=${orderId}`);
  const [shipment] = body['items'] as { shipmentId: string; status: string }[];
  return shipment ?? { shipmentId: '', status: 'not booked' };
}

test('with the secret the carrier can be played from the command line, in any order', async () => {
  const orderId = await shop.order({ userId: await shop.user(), sku: await shop.product(1) });
  await shop.end(orderId);
  const { shipmentId } = await shipmentOf(orderId);
  const secret = { CARRIER_WEBHOOK_SECRET: world.env['CARRIER_WEBHOOK_SECRET'] ?? '' };
  const carrier = (...args: string[]) => sagaworks(platform, ['carrier', ...args], secret);

  expect(await carrier(shipmentId, 'delivered')).toMatchObject({
    code: 0,
    out: expect.stringContaining('still booked'),
  });
  expect(await carrier(shipmentId, 'dispatched')).toMatchObject({
    code: 0,
    out: `Shipment ${shipmentId} is delivered\n`,
  });
  expect(await shipmentOf(orderId)).toMatchObject({ status: 'delivered' });
  expect(await carrier(randomUUID(), 'dispatched')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no shipment'),
  });
  expect(await carrier(shipmentId, 'lost')).toMatchObject({ code: 64 });
}, 120_000);

test('with another secret it cannot', async () => {
  const forged = { CARRIER_WEBHOOK_SECRET: randomUUID() };
  const { code, err } = await sagaworks(platform, ['carrier', randomUUID(), 'dispatched'], forged);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('signature') });
}, 60_000);
