import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld({ WORKER_BUILD_ID: 'v1' });
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const promote = (buildId: string) =>
  eventually(async () => {
    const promoted = await sagaworks(platform, ['deploy', 'promote', buildId], world.env);
    expect(promoted).toMatchObject({ code: 0, out: `${buildId} is the current version: sagas go on there\n` });
  }, 30_000);
const statusOf = async (orderId: string) => (await platform.call('GET', `/orders/${orderId}`)).body['status'];

test('sagas are carried by the version that was promoted, and go over to the next one', async () => {
  const wanted = { userId: await shop.user(), sku: await shop.product(5) };
  const orderId = await shop.order(wanted);
  await sleep(2_000);
  expect(await statusOf(orderId)).toBe('placed');
  await promote('v1');
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });

  await platform.stop();
  platform = await startTestPlatform({ ...world, env: { ...world.env, WORKER_BUILD_ID: 'v2' } });
  await promote('v2');
  const next = await shop.order(wanted);
  expect(await shop.end(next)).toMatchObject({ status: 'confirmed' });
  // The first one began with v1, which is gone.
  expect(await platform.call('POST', `/orders/${orderId}/cancel`, {})).toMatchObject({ status: 202 });
  await eventually(async () => expect(await statusOf(orderId)).toBe('cancelled'), 60_000);
}, 180_000);

test('a version without workers is not promoted', async () => {
  const refused = await sagaworks(platform, ['deploy', 'promote', 'v99'], world.env);
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^.*v99.* not found in .*\n$/) });
});
