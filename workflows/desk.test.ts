import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signals } from '../contracts/saga/messages';
import { searchAttributes } from '../contracts/saga/order';
import { decisionUpdate, type Decision } from '../lib/saga/messages';
import { latch } from '../tests/lib-support/latch';
import { eventually } from '../tests/lib-support/eventually';
import {
  anOrder,
  carry,
  createSagaWorld,
  notServiceable,
  type SagaHandle,
  type SagaWorld,
} from '../tests/support/saga';
import { createSagaOrders, endOf, failing, stuckIn } from '../tests/support/saga-orders';

let world: SagaWorld;
const orders = createSagaOrders(() => world);

beforeAll(async () => {
  world = await createSagaWorld();
});
afterAll(() => world.stop());

const decide = (saga: SagaHandle, decision: Decision) =>
  saga.executeUpdate<unknown, [Decision]>(decisionUpdate, { args: [decision] });

test('an undo that keeps failing waits for an operator: seen everywhere, and tried again when they say so', async () => {
  const order = anOrder(notServiceable);
  let broken = true;
  const saga = await orders.start(
    order,
    {
      voidPayment: (ref) => (broken ? failing(Infinity, world.steps.voidPayment)(ref) : world.steps.voidPayment(ref)),
    },
    // Few attempts: twenty take longer than this test waits on a busy machine.
    { attemptsBeforeAlarm: 3 },
  );
  expect(await stuckIn(saga)).toMatchObject({
    undos: ['releaseStock', 'voidPayment'],
    stuck: { step: 'voidPayment', why: 'A fault' },
  });
  await eventually(async () => {
    const { typedSearchAttributes } = await saga.describe();
    expect(typedSearchAttributes.get(searchAttributes.stuck)).toBe('voidPayment');
  });
  await eventually(async () => {
    const events = await world.services.orders.events(order.orderId, { cursor: 0, limit: 10 });
    expect(events.at(-1)?.today).toMatchObject({ type: 'order.attention_needed', data: { step: 'voidPayment' } });
  });
  await expect(decide(saga, { step: 'releaseStock', action: 'skip' })).rejects.toThrow();

  broken = false;
  await decide(saga, { step: 'voidPayment', action: 'retry' });
  expect(await saga.result()).toMatchObject({ reason: 'address-not-serviceable' });
  const { typedSearchAttributes } = await saga.describe();
  expect(typedSearchAttributes.get(searchAttributes.stuck)).toBeUndefined();
  expect(await orders.leftOf(order)).toMatchObject({ order: 'cancelled', payment: 'voided' });
});

test('a skip that is said while the call is tried again acts at once, and on no other call', async () => {
  const [begun, goOn] = [latch(), latch()];
  const order = anOrder(notServiceable);
  const voiding = failing(2, world.steps.voidPayment);
  const saga = await orders.start(
    order,
    {
      voidPayment: async (ref) => {
        await voiding(ref);
        begun.open();
        await goOn.opened;
      },
      releaseStock: failing(2, world.steps.releaseStock),
    },
    { attemptsBeforeAlarm: 2 },
  );
  await stuckIn(saga, 'voidPayment');
  await decide(saga, { step: 'voidPayment', action: 'retry' });
  await begun.opened;
  await decide(saga, { step: 'voidPayment', action: 'skip', reason: 'it is voided' });
  goOn.open();
  expect(await stuckIn(saga, 'releaseStock')).toEqual({ undos: ['releaseStock'], stuck: expect.anything() });
  await decide(saga, { step: 'releaseStock', action: 'retry' });
  expect((await endOf(saga)).steps.slice(3)).toEqual([
    ...['voidPayment', 'reportStuck', 'voidPayment'],
    ...['releaseStock', 'reportStuck', 'releaseStock', 'cancelOrder'],
  ]);
});

test('a step that makes the order what it is can’t be left out: a parcel on its way would be taken back', async () => {
  const order = anOrder();
  const saga = await orders.start(
    order,
    { confirmOrder: failing(2, world.steps.confirmOrder) },
    { attemptsBeforeAlarm: 2 },
  );
  await stuckIn(saga, 'confirmOrder');
  for (const action of ['skip', 'resolve'] as const) {
    await expect(decide(saga, { step: 'confirmOrder', action, reason: 'no' })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('then retry') },
    });
  }
  await decide(saga, { step: 'confirmOrder', action: 'retry' });
  await carry(saga);
  expect(await saga.result()).toEqual({ status: 'delivered' });
});

test('a parcel that does not arrive in time waits for an operator, who says what became of it', async () => {
  const order = anOrder();
  const saga = await orders.start(order, {}, { deliveryTimeoutMs: 200 });
  await saga.signal(signals.dispatched);
  expect(await stuckIn(saga)).toMatchObject({ stuck: { step: 'delivery' } });
  await decide(saga, { step: 'delivery', action: 'resolve', reason: 'the customer has it' });
  expect(await saga.result()).toEqual({ status: 'delivered' });
  expect(await orders.leftOf(order)).toMatchObject({ order: 'delivered' });
});

test('after all these orders, stock and money add up', () => orders.expectToAddUp());
