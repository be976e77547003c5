import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../tests/lib-support/eventually';
import { orderBody } from '../../tests/support/order-body';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../../tests/support/platform';
import { createShop } from '../../tests/support/shop';

// Here and not in tests/e2e: this service can be taken out of the platform with its folder.

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

const advice = async (sku: string): Promise<unknown> =>
  (await platform.call('GET', `/recommendations/${sku}?limit=1`)).body['items'];

test('products are advised together while the order that they were in counts', async () => {
  const userId = await shop.user();
  const [tea, cup] = [await shop.product(10), await shop.product(10)];
  const wanted = { userId, sku: tea, quantity: 1 };
  const body = { ...orderBody(wanted), items: [tea, cup].map((sku) => ({ sku, quantity: 1 })) };
  const orderId = await eventually(async () => {
    const placed = await platform.call('POST', '/orders', body);
    expect(placed).toMatchObject({ status: 202 });
    return String(placed.body['orderId']);
  });
  await shop.end(orderId);
  await eventually(async () =>
    expect(await advice(tea)).toEqual([
      { basis: 'bought-together', sku: cup, name: 'Green tea', together: 1, lift: 1 },
    ]),
  );
  await platform.call('POST', `/orders/${orderId}/cancel`, {});
  await eventually(async () => expect(await advice(tea)).not.toContainEqual(expect.objectContaining({ sku: cup })));
}, 120_000);
