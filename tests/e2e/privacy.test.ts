import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';
import { historyOf } from '../support/traces';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [first, second] = [key('2025'), key('2026')];
let world: World;
let platform: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld({ TEMPORAL_PAYLOAD_KEYS: first });
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

test('Temporal keeps nothing that can be read without the key, and sagas outlive a rotation', async () => {
  const orderId = await shop.order({ userId: await shop.user(), sku: await shop.product(5) });
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
  const kept = await historyOf(world, orderId);
  expect(kept).toContain('binary/encrypted');
  for (const secret of ['Ada', 'Loop Street', 'tok_ok', 'TEA-']) expect(kept).not.toContain(secret);

  await platform.stop();
  const rotated = { ...world.env, TEMPORAL_PAYLOAD_KEYS: `${second},${first}` };
  platform = await startTestPlatform({ ...world, env: rotated });
  // The saga began with the first key, and its next steps are written with the second.
  expect(await platform.call('POST', `/orders/${orderId}/cancel`, {})).toMatchObject({ status: 202 });
  await eventually(async () => {
    expect((await platform.call('GET', `/orders/${orderId}`)).body).toMatchObject({ status: 'cancelled' });
  }, 60_000);
  expect(await historyOf(world, orderId)).toContain('2026');
  expect(await sagaworks(platform, ['audit', '--settle', '0'], rotated)).toMatchObject({ code: 0 });
  expect(await sagaworks(platform, ['deploy', 'check'], rotated)).toMatchObject({ code: 0 });
}, 240_000);

test('the order service forgets an erased person as well; their orders stay', async () => {
  const gone = await shop.user();
  const sku = await shop.product(5);
  const orderId = await shop.order({ userId: gone, sku });
  await shop.end(orderId);
  expect(await platform.call('DELETE', `/users/${gone}`)).toMatchObject({ status: 204 });
  await eventually(async () => {
    expect(await shop.place({ userId: gone, sku })).toMatchObject({ status: 422, body: { code: 'unknown-user' } });
  });
  expect((await platform.call('GET', `/orders/${orderId}`)).body).toMatchObject({ status: 'confirmed' });
});
