import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { breakTable } from '../support/broken-table';
import { reportParcel } from '../support/carrier';
import { sagaworks as runSagaworks, type Ended } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { onTemporal, terminateSaga } from '../support/on-temporal';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let userId: string;
const shop = createShop(() => platform);
const sagaworks = (...args: string[]): Promise<Ended> => runSagaworks(platform, ['sagas', ...args]);

beforeAll(async () => {
  world = await createWorld({ ATTEMPTS_BEFORE_ALARM: '1' });
  platform = await startTestPlatform(world);
  userId = await shop.user();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const get = (path: string, token?: string) =>
  platform.call('GET', path, undefined, token === undefined ? {} : { token });
const decide = (orderId: string, decision: object, token?: string) =>
  platform.call('POST', `/ops/sagas/${orderId}/decide`, decision, token === undefined ? {} : { token });
const waiting = async (): Promise<string[]> => {
  const { body } = await get('/ops/sagas');
  return (body['items'] as { orderId: string }[]).map(({ orderId }) => orderId);
};
const cancelled = (orderId: string) =>
  eventually(async () => expect((await get(`/orders/${orderId}`)).body).toMatchObject({ status: 'cancelled' }), 60_000);

/** An order whose undoing is stuck: its stock can't be released until `restore` is called. */
async function stuckOrder(): Promise<{ orderId: string; restore: () => Promise<void> }> {
  const orderId = await shop.order({ userId, sku: await shop.product(1) });
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
  const restore = await breakTable(world.databases['inventory'], 'reservations', orderId);
  expect(await platform.call('POST', `/orders/${orderId}/cancel`, {})).toMatchObject({ status: 202 });
  await eventually(async () => expect(await waiting()).toContain(orderId), 60_000);
  return { orderId, restore };
}

test('a saga that is stuck is seen, and goes on as an operator decides, over HTTP', async () => {
  const [{ orderId: skipped }, { orderId: resolved }] = [await stuckOrder(), await stuckOrder()];
  expect((await waiting()).sort()).toEqual([skipped, resolved].sort());
  expect((await get(`/ops/sagas/${skipped}`)).body).toMatchObject({
    workflowId: `order/${skipped}`,
    execution: 'RUNNING',
    stuckStep: 'releaseStock',
    stuck: { step: 'releaseStock', why: 'broken' },
    undos: ['releaseStock'],
  });
  await eventually(async () => {
    const metrics = await (await fetch(`${platform.url}/metrics`)).text();
    expect(metrics).toMatch(/^sagaworks_sagas_waiting 2$/m);
  }, 40_000);

  expect(await decide(skipped, { action: 'skip' })).toMatchObject({ status: 400 });
  const reason = 'released by hand';
  expect(await decide(skipped, { action: 'skip', step: 'voidPayment', reason })).toMatchObject({
    status: 409,
    body: { code: 'saga-not-waiting', detail: expect.stringContaining('releaseStock') },
  });
  expect(await decide(skipped, { action: 'skip', reason })).toMatchObject({ status: 200 });
  expect(await decide(resolved, { action: 'resolve', reason, result: null })).toMatchObject({ status: 200 });
  for (const orderId of [skipped, resolved]) {
    await cancelled(orderId);
    const { body } = await get(`/payments?orderId=${orderId}`);
    expect(body['items']).toMatchObject([{ status: 'refunded' }]);
  }
}, 240_000);

test('from the command line it is listed and shown, tried again in vain, then fixed and tried again', async () => {
  const [{ orderId: retried, restore }, { orderId: skipped }, { orderId: resolved }] = [
    await stuckOrder(),
    await stuckOrder(),
    await stuckOrder(),
  ];
  const { out } = await sagaworks('list');
  expect(out).toMatch(new RegExp(`${retried} +order/${retried} +releaseStock`));
  expect(await sagaworks('show', retried)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Waits at releaseStock'),
  });
  expect(await sagaworks('retry', retried)).toMatchObject({ code: 0, out: expect.stringContaining('goes on (retry)') });
  await eventually(async () => expect(await waiting()).toContain(retried));
  await restore();
  expect(await sagaworks('retry', retried, '--step', 'releaseStock')).toMatchObject({ code: 0 });
  expect(await sagaworks('skip', skipped, '--reason', 'released by hand')).toMatchObject({ code: 0 });
  expect(await sagaworks('resolve', resolved, '--reason', 'released by hand', '--result', 'null')).toMatchObject({
    code: 0,
  });
  for (const orderId of [retried, skipped, resolved]) await cancelled(orderId);
  expect((await get(`/shipments?orderId=${retried}`)).body['items']).toMatchObject([{ status: 'cancelled' }]);
  expect(await sagaworks('list')).toMatchObject({ code: 2, err: 'No saga is waiting for an operator\n' });
}, 240_000);

test('a saga that was terminated in Temporal is restarted: it goes on where it was, and receives what came meanwhile', async () => {
  const sku = await shop.product(2);
  const [delivered, unwanted] = [await shop.order({ userId, sku }), await shop.order({ userId, sku })];
  for (const orderId of [delivered, unwanted]) {
    expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
    await terminateSaga(world, orderId);
  }
  expect(await platform.call('POST', `/orders/${unwanted}/cancel`, {})).toMatchObject({ status: 202 });
  expect(await sagaworks('restart', unwanted, '--reason', 'ended by mistake')).toMatchObject({
    code: 0,
    out: `The saga of order ${unwanted} goes on (restart)\n`,
  });
  // Several operators at once are one restart.
  const restart = () => platform.call('POST', `/ops/sagas/${delivered}/restart`, { reason: 'ended by mistake' });
  const answers = await Promise.all(Array.from({ length: 4 }, restart));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  await eventually(async () => {
    const query = `WorkflowId = 'order/${delivered}'`;
    expect((await onTemporal(world, (client) => client.workflow.count(query))).count).toBe(2);
  });
  await reportParcel(platform, world, delivered, 'dispatched');
  await reportParcel(platform, world, delivered, 'delivered');
  await eventually(
    async () => expect((await get(`/orders/${delivered}`)).body).toMatchObject({ status: 'delivered' }),
    60_000,
  );
  await cancelled(unwanted);
  for (const [orderId, status] of Object.entries({ [delivered]: 'captured', [unwanted]: 'refunded' }))
    expect((await get(`/payments?orderId=${orderId}`)).body['items']).toMatchObject([{ status }]);
  expect(await shop.stock(sku)).toMatchObject({ available: 1, reserved: 0, shipped: 1 });
}, 240_000);

test('a saga is restarted by operators only, with a reason, and only when it was ended before its time', async () => {
  const orderId = await shop.order({ userId, sku: await shop.product(1), token: 'tok_declined' });
  const restart = (id: string, body: object = { reason: 'try' }, token?: string) =>
    platform.call('POST', `/ops/sagas/${id}/restart`, body, token === undefined ? {} : { token });
  await shop.end(orderId);
  const open = await shop.order({ userId, sku: await shop.product(1) });
  await shop.end(open);
  expect(await restart(open)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('is running') } });
  await eventually(async () =>
    expect(await restart(orderId)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('nothing left to do') },
    }),
  );
  expect(await restart(userId)).toMatchObject({ status: 404 });
  expect(await restart('17')).toMatchObject({ status: 400 });
  expect(await restart(orderId, {})).toMatchObject({ status: 400, body: { field: 'reason' } });
  expect(await restart(orderId, { reason: 'x' }, await platform.token(userId, 'customer'))).toMatchObject({
    status: 403,
  });
  expect(await sagaworks('restart', orderId)).toMatchObject({ code: 64 });
}, 120_000);

test('only operators see sagas and decide; every decision is in the audit, with what it came to', async () => {
  const token = await platform.token(userId, 'customer');
  const { orderId } = await stuckOrder();
  for (const path of ['/ops/sagas', `/ops/sagas/${orderId}`])
    expect(await get(path, token)).toMatchObject({ status: 403 });
  for (const action of ['retry', 'skip', 'resolve']) {
    expect(await decide(orderId, { action, reason: 'mine' }, token)).toMatchObject({ status: 403 });
  }
  const asCustomer = await runSagaworks(platform, ['sagas', 'list'], { SAGAWORKS_TOKEN: token });
  expect(asCustomer).toMatchObject({ code: 1 });
  expect(await waiting()).toEqual([orderId]);
  expect(await decide(orderId, { action: 'skip', reason: 'released by hand' })).toMatchObject({ status: 200 });
  const { body } = await get('/ops/audit');
  const target = `order/${orderId}`;
  const request = { step: 'releaseStock', action: 'skip', reason: 'released by hand' };
  expect((body['items'] as { target: string }[]).filter((entry) => entry.target === target)).toMatchObject([
    { action: 'saga skip', request, outcome: 'done' },
  ]);
  await cancelled(orderId);
}, 240_000);
