import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { startBackground, type Background } from '../../infra/local/background';
import { freePort } from '../../infra/local/ports';
import { eventually } from '../lib-support/eventually';
import { workflowBundleOf } from '../lib-support/workflow-bundle';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let background: Background;
let platform: TestPlatform;
const ends: string[] = [];
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  const bundle = await workflowBundleOf(resolve('workflows/index.ts'));
  const env = { ...process.env, ...world.env, ...(bundle === undefined ? {} : { WORKFLOW_BUNDLE: bundle }) };
  background = startBackground({ ...env, PORT: String(await freePort()) }, (how) => ends.push(how));
  const api = startTestPlatform({ env: { ...world.env, PEER_URLS: background.url } }, ['api']);
  [platform] = await Promise.all([api, background.ready]);
}, 120_000);
afterAll(async () => {
  await Promise.all([platform.stop(), background.stop()]);
  await world.drop();
}, 120_000);

const becomesConfirmed = (orderId: string) =>
  eventually(async () => {
    const { body } = await platform.call('GET', `/orders/${orderId}`);
    expect(body['status']).toBe('confirmed');
  }, 60_000);

test('orders are accepted while the background work is dead, and confirmed when it was started again', async () => {
  const userId = await shop.user();
  const sku = await shop.product(2);
  await becomesConfirmed(await shop.order({ userId, sku }));

  process.kill(background.id() ?? 0, 'SIGKILL');
  await becomesConfirmed(await shop.order({ userId, sku }));
  expect(ends).toEqual(['was ended by SIGKILL']);
});

test('background work that cannot start is reported, and not tried again', async () => {
  const broken = startBackground({ ...process.env, ...world.env, PORT: 'no port' }, (how) => ends.push(how));
  await expect(broken.ready).rejects.toThrow('The background work exited with 78 before it was ready');
  await broken.stop();
  expect(ends).not.toContain('exited with 78');
});
