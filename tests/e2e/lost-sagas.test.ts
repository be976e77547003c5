import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as Postgres } from 'pg';
import { orderWorkflowId, returnWorkflowId } from '../../contracts/saga/order';
import { breakTable, runSql } from '../support/broken-table';
import { reportParcel } from '../support/carrier';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { onTemporal } from '../support/on-temporal';
import { createWorld, startTestPlatform, type Answer, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let userId: string;
const shop = createShop(() => platform);
const large = { amount: 100_000, currency: 'EUR' };

beforeAll(async () => {
  world = await createWorld({ ATTEMPTS_BEFORE_ALARM: '1' });
  platform = await startTestPlatform(world);
  userId = await shop.user();
}, 120_000);
afterAll(async () => {
  try {
    await expectToAgree();
  } finally {
    await platform.stop();
    await world.drop();
  }
}, 120_000);

const statusOf = async (orderId: string) => (await platform.call('GET', `/orders/${orderId}`)).body['status'];
const becomes = (orderId: string, status: string) =>
  eventually(async () => expect(await statusOf(orderId)).toBe(status), 60_000);

/** A new order of a new product, which has come to a status. */
async function orderIn(status: string, price?: typeof large): Promise<string> {
  const orderId = await shop.order({ userId, sku: await shop.product(1, price) });
  await becomes(orderId, status);
  return orderId;
}

/** Has Temporal forget a workflow, as when its retention is over. */
const forget = (workflowId: string) =>
  onTemporal(world, async (client) => {
    const handle = client.workflow.getHandle(workflowId);
    const { namespace } = client.options;
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
    await eventually(() => expect(handle.describe()).rejects.toThrow('not found'), 60_000);
  });
const forgetSaga = (orderId: string) => forget(orderWorkflowId(orderId));

const restart = (orderId: string): Promise<Answer> =>
  platform.call('POST', `/ops/sagas/${orderId}/restart`, { reason: 'its workflow is gone' });
const ask = (orderId: string, what: 'cancel' | 'return') => platform.call('POST', `/orders/${orderId}/${what}`, {});
const waitsAt = (orderId: string, step: string) =>
  eventually(async () => {
    const { body } = await platform.call('GET', `/ops/sagas/${orderId}`);
    expect(body['stuckStep']).toBe(step);
  }, 60_000);

async function deliver(orderId: string): Promise<void> {
  for (const report of ['dispatched', 'delivered'] as const)
    expect(await reportParcel(platform, world, orderId, report)).toMatchObject({ status: 202 });
}

/** This table cannot be written until the result is called. */
async function lock(service: string, table: string): Promise<() => Promise<void>> {
  const client = new Postgres({ connectionString: world.databases[service] });
  await client.connect();
  await client.query(`begin; lock table ${table} in exclusive mode`);
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

const breakFor = (orderId: string, service: string, table: string) =>
  breakTable(world.databases[service], table, orderId);

test('before its review: it is restarted, and only then reviewed; one that is decided is not asked again', async () => {
  const [open, decided] = [await orderIn('in_review', large), await orderIn('in_review', large)];
  await forgetSaga(open);
  expect(await restart(open)).toMatchObject({ status: 200 });
  const approve = (orderId: string) => platform.call('POST', `/orders/${orderId}/review`, { decision: 'approve' });
  await eventually(async () => expect(await approve(open)).toMatchObject({ status: 200 }), 60_000);
  await becomes(open, 'confirmed');

  const unlock = await lock('shipping', 'shipments');
  expect(await approve(decided)).toMatchObject({ status: 200 });
  await forgetSaga(decided);
  await unlock();
  expect(await restart(decided)).toMatchObject({ status: 200 });
  await becomes(decided, 'confirmed');
  for (const orderId of [open, decided]) {
    await deliver(orderId);
    await becomes(orderId, 'delivered');
  }
}, 240_000);

test('in the middle of its steps, and restarted by several at once: one workflow, which goes on', async () => {
  const unlock = await lock('shipping', 'shipments');
  const orderId = await shop.order({ userId, sku: await shop.product(1) });
  await eventually(async () => {
    const { body } = await platform.call('GET', `/payments?orderId=${orderId}`);
    expect(body['items']).toMatchObject([{ status: 'authorized' }]);
  }, 60_000);
  await forgetSaga(orderId);
  const answers = await Promise.all(Array.from({ length: 4 }, () => restart(orderId)));
  expect(answers.map(({ status }) => status)).toContain(200);
  for (const { status } of answers) expect([200, 409]).toContain(status);
  await unlock();
  await becomes(orderId, 'confirmed');
  const runs = await onTemporal(world, (client) =>
    client.workflow.count(`WorkflowId = '${orderWorkflowId(orderId)}' and ExecutionStatus = 'Running'`),
  );
  expect(runs.count).toBe(1);
  await deliver(orderId);
  await becomes(orderId, 'delivered');
}, 240_000);

test('confirmed or shipped: what the carrier says begins it anew by itself; so does a restart after it was said', async () => {
  const [reported, restarted, shipped] = [
    await orderIn('confirmed'),
    await orderIn('confirmed'),
    await orderIn('confirmed'),
  ];
  await reportParcel(platform, world, shipped, 'dispatched');
  await becomes(shipped, 'shipped');
  for (const orderId of [reported, restarted, shipped]) await forgetSaga(orderId);
  expect(await sagaworks(platform, ['sagas', 'restart', shipped, '--reason', 'gone'])).toMatchObject({ code: 0 });
  expect(await restart(restarted)).toMatchObject({ status: 200 });
  for (const orderId of [reported, restarted]) await deliver(orderId);
  await reportParcel(platform, world, shipped, 'delivered');
  for (const orderId of [reported, restarted, shipped]) await becomes(orderId, 'delivered');
}, 240_000);

test('a cancel works without a restart, and is remembered by one', async () => {
  const [cancelled, remembered] = [await orderIn('confirmed'), await orderIn('confirmed')];
  await forgetSaga(cancelled);
  expect(await ask(cancelled, 'cancel')).toMatchObject({ status: 202 });
  await becomes(cancelled, 'cancelled');

  const restore = await breakFor(remembered, 'payments', 'payments');
  expect(await ask(remembered, 'cancel')).toMatchObject({ status: 202 });
  await waitsAt(remembered, 'refundPayment');
  await forgetSaga(remembered);
  await restore();
  expect(await restart(remembered)).toMatchObject({ status: 200 });
  await becomes(remembered, 'cancelled');
  for (const orderId of [cancelled, remembered]) {
    const { body } = await platform.call('GET', `/orders/${orderId}`);
    expect(body).toMatchObject({ reason: 'customer-request' });
    const payments = await platform.call('GET', `/payments?orderId=${orderId}`);
    expect(payments.body['items']).toMatchObject([{ status: 'refunded' }]);
  }
}, 240_000);

test('while it waits for an operator, on its way forward or back: it comes to the same place again', async () => {
  const forward = await orderIn('confirmed');
  const restoreForward = await breakFor(forward, 'inventory', 'reservations');
  await reportParcel(platform, world, forward, 'dispatched');
  await waitsAt(forward, 'shipStock');
  const unlock = await lock('shipping', 'shipments');
  const back = await shop.order({ userId, sku: await shop.product(1), token: 'tok_capture_refused' });
  const restoreBack = await breakFor(back, 'inventory', 'reservations');
  await unlock();
  await waitsAt(back, 'releaseStock');
  for (const orderId of [forward, back]) {
    await forgetSaga(orderId);
    expect(await restart(orderId)).toMatchObject({ status: 200 });
  }
  await waitsAt(forward, 'shipStock');
  await waitsAt(back, 'releaseStock');
  for (const restore of [restoreForward, restoreBack]) await restore();
  for (const orderId of [forward, back])
    expect(await platform.call('POST', `/ops/sagas/${orderId}/decide`, { action: 'retry' })).toMatchObject({
      status: 200,
    });
  await becomes(back, 'cancelled');
  await reportParcel(platform, world, forward, 'delivered');
  await becomes(forward, 'delivered');
}, 240_000);

test('a return goes on; an order that has ended has nothing to restart', async () => {
  const [returned, ended] = [await orderIn('confirmed'), await orderIn('confirmed')];
  for (const orderId of [returned, ended]) {
    await deliver(orderId);
    await becomes(orderId, 'delivered');
  }
  const restore = await breakFor(returned, 'payments', 'payments');
  expect(await ask(returned, 'return')).toMatchObject({ status: 202 });
  await waitsAt(returned, 'refundPayment');
  await forget(returnWorkflowId(returned));
  await restore();
  expect(await restart(returned)).toMatchObject({ status: 200 });
  await becomes(returned, 'returned');

  const nothingLeft = { status: 409, body: { detail: expect.stringContaining('nothing left to do') } };
  expect(await restart(ended)).toMatchObject(nothingLeft);
  await forgetSaga(ended);
  expect(await restart(ended)).toMatchObject(nothingLeft);
}, 240_000);

/** Whatever became of the orders of this file, nothing was done twice, and all services agree. */
async function expectToAgree(): Promise<void> {
  for (const service of ['orders', 'payments', 'shipping']) {
    const twice = `select stream, type from events where type <> 'order.attention_needed'
      group by stream, type having count(*) > 1`;
    expect(await runSql(world.databases[service], twice)).toEqual([]);
  }
  await eventually(async () => {
    const { code, out } = await sagaworks(platform, ['audit', '--settle', '0'], world.env);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('everything agrees') });
  }, 60_000);
}
