import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { searchAttributes } from '../contracts/saga/order';
import { decisionUpdate, type Decision } from '../lib/saga/messages';
import { eventually } from '../tests/lib-support/eventually';
import {
  anOrder,
  carry,
  createSagaWorld,
  notServiceable,
  type SagaHandle,
  type SagaWorld,
} from '../tests/support/saga';
import { createSagaOrders, failing, stuckIn } from '../tests/support/saga-orders';

let world: SagaWorld;
const orders = createSagaOrders(() => world);

beforeAll(async () => {
  world = await createSagaWorld();
});
afterAll(async () => {
  try {
    await orders.expectToAddUp();
  } finally {
    await world.stop();
  }
});

const decide = (saga: SagaHandle, decision: Decision) =>
  saga.executeUpdate<unknown, [Decision]>(decisionUpdate, { args: [decision] });

test('an order that waits for an operator says so in its history and in the list of sagas, and goes on at their word', async () => {
  const order = anOrder(notServiceable);
  const saga = await orders.start(
    order,
    { voidPayment: failing(3, world.steps.voidPayment) },
    { attemptsBeforeAlarm: 3 },
  );
  expect(await stuckIn(saga)).toMatchObject({ undos: ['releaseStock', 'voidPayment'], stuck: { step: 'voidPayment' } });
  await eventually(async () => {
    const { typedSearchAttributes } = await saga.describe();
    expect(typedSearchAttributes.get(searchAttributes.stuck)).toBe('voidPayment');
    const events = await world.services.orders.events(order.orderId, { cursor: 0, limit: 10 });
    expect(events.at(-1)?.today).toMatchObject({ type: 'order.attention_needed', data: { step: 'voidPayment' } });
  });
  await decide(saga, { step: 'voidPayment', action: 'retry' });
  expect(await saga.result()).toMatchObject({ reason: 'address-not-serviceable' });
  expect(await orders.leftOf(order)).toMatchObject({ order: 'cancelled', payment: 'voided' });
});

test('the confirmation can’t be left out: a parcel on its way would be taken back', async () => {
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
