import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sagaworks as runSagaworks, type Ended } from '../support/command';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let userId: string;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
  userId = await shop.user();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const sagaworks = (...args: string[]): Promise<Ended> => runSagaworks(platform, args);

test('the command line shows what an order is, what happened to it, and what that changed', async () => {
  const orderId = await shop.order({ userId, sku: await shop.product(5), quantity: 2 });
  await shop.end(orderId);

  const history = await sagaworks('order', 'history', orderId);
  expect(history).toMatchObject({ code: 0, err: '' });
  expect(history.out).toMatch(/^ {2}1 .*order\.created .*\n {2}2 .*order\.confirmed /);
  const diff = await sagaworks('order', 'diff', orderId, '--json');
  expect(JSON.parse(diff.out)).toContainEqual({ field: 'status', before: 'placed', after: 'confirmed' });
  const shown = await sagaworks('order', 'show', orderId, '--version', '1', '--json');
  expect(JSON.parse(shown.out)).toMatchObject({ orderId, status: 'placed', version: 1 });
});

test.each([
  [['order', 'show'], 64, "Missing required argument 'id'"],
  [['order', 'look', 'x'], 64, "Unknown command 'look'"],
  [['order', 'diff', randomUUID(), '--version', 'first'], 64, 'a..b'],
  [['order', 'show', randomUUID()], 1, 'There is no order'],
])('sagaworks %p ends with %i and says why', async (args, code, why) => {
  const ended = await sagaworks(...args);
  expect(ended.code).toBe(code);
  expect(ended.err).toContain(why);
});
