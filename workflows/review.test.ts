import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { reviewUpdate, type Review } from '../contracts/saga/messages';
import { latch } from '../tests/lib-support/latch';
import { eventually } from '../tests/lib-support/eventually';
import {
  anOrder,
  carry,
  createSagaWorld,
  large,
  type SagaHandle,
  type SagaWorld,
  type Steps,
} from '../tests/support/saga';
import { createSagaOrders, endOf, statusIn } from '../tests/support/saga-orders';

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

const review = (saga: SagaHandle, decision: 'approve' | 'reject', updateId: string = randomUUID()) =>
  saga.executeUpdate<unknown, [Review]>(reviewUpdate, { args: [{ decision, message: 'looked at it' }], updateId });

test.concurrent.each([large, { paymentToken: 'tok_review' }])(
  '%j waits for a review; approved it goes on',
  async (what) => {
    const order = anOrder(what);
    const saga = await orders.start(order);
    await orders.reached('in_review', order);
    await eventually(async () => expect(await statusIn(saga)).toBe('in_review'));
    await Promise.all([review(saga, 'approve', 'once'), review(saga, 'approve', 'once')]);
    await expect(review(saga, 'reject')).rejects.toThrow();
    await carry(saga);
    expect(await saga.result()).toEqual({ status: 'delivered' });
  },
);

test.concurrent(
  'a rejected order is undone with the operator’s words; one that nobody looks at as timed out',
  async () => {
    const [rejected, forgotten] = [anOrder(large), anOrder(large)];
    const [saga, other] = [await orders.start(rejected), await orders.start(forgotten, {}, { reviewTimeoutMs: 300 })];
    await orders.reached('in_review', rejected);
    await review(saga, 'reject');
    expect(await endOf(saga)).toEqual({
      outcome: {
        status: 'cancelled',
        reason: 'review-rejected',
        detail: 'Rejected by an operator',
        message: 'looked at it',
      },
      steps: ['reserveStock', 'authorizePayment', 'requestReview', 'voidPayment', 'releaseStock', 'cancelOrder'],
    });
    expect(await other.result()).toMatchObject({ status: 'cancelled', reason: 'review-timed-out' });
  },
);

test.concurrent(
  'an approval that comes after the time-out, or after a cancel, is refused though the order is still being undone',
  async () => {
    const [one, other] = [anOrder(large), anOrder(large)];
    const [undoing, goOn] = [[latch(), latch()], latch()] as const;
    const voidLater = (index: 0 | 1): Partial<Steps> => ({
      voidPayment: async (order) => {
        undoing[index].open();
        await goOn.opened;
        return world.steps.voidPayment(order);
      },
    });
    const [late, cancelled] = [
      await orders.start(one, voidLater(0), { reviewTimeoutMs: 300 }),
      await orders.start(other, voidLater(1)),
    ];
    await orders.reached('in_review', other);
    await world.cancel(other);
    for (const [index, saga] of [late, cancelled].entries()) {
      await undoing[index]?.opened;
      await expect(review(saga, 'approve')).rejects.toMatchObject({
        cause: { type: 'saga-not-waiting', message: 'The review has ended' },
      });
    }
    goOn.open();
    expect(await late.result()).toMatchObject({ reason: 'review-timed-out' });
    expect(await cancelled.result()).toMatchObject({ reason: 'customer-request' });
  },
);

test.concurrent('two clicks are one decision, also when each is an update of its own', async () => {
  const order = anOrder(large);
  const saga = await orders.start(order);
  await orders.reached('in_review', order);
  await Promise.all([review(saga, 'approve'), review(saga, 'approve')]);
  await carry(saga);
  expect(await saga.result()).toEqual({ status: 'delivered' });
});

test.concurrent('an order in review can be cancelled by its customer', async () => {
  const order = anOrder(large);
  const saga = await orders.start(order);
  await orders.reached('in_review', order);
  await world.cancel(order);
  expect(await saga.result()).toEqual({ status: 'cancelled', reason: 'customer-request' });
});
