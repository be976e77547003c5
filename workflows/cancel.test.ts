import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signals } from '../contracts/saga/messages';
import type { PlacedOrder } from '../contracts/saga/order';
import { decisionUpdate, type Decision } from '../lib/saga/messages';
import { shipmentIdOf } from '../services/shipping/domain';
import { latch } from '../tests/lib-support/latch';
import { eventually } from '../tests/lib-support/eventually';
import { stepsOf } from '../tests/lib-support/steps-in-history';
import {
  anOrder,
  carry,
  createSagaWorld,
  notServiceable,
  type SagaHandle,
  type SagaWorld,
} from '../tests/support/saga';
import { allSteps, createSagaOrders, endOf, statusIn, stepsTo, stuckIn, undone } from '../tests/support/saga-orders';

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

test('a cancel undoes the step it meets, and a late arrival of that step leaves no charge', async () => {
  const [begun, late, refused] = [latch(), latch(), latch()];
  const order = anOrder();
  const saga = await orders.start(order, {
    authorizePayment: async () => {
      begun.open();
      await late.opened;
      return world.steps.authorizePayment(order).catch((error: unknown) => {
        refused.open();
        throw error;
      });
    },
  });
  await begun.opened;
  await saga.cancel();
  expect(await endOf(saga)).toEqual({
    outcome: { status: 'cancelled', reason: 'operator-request' },
    steps: [...stepsTo('authorizePayment'), 'voidPayment', 'releaseStock', 'cancelOrder'],
  });

  const before = await orders.money();
  late.open();
  await refused.opened;
  expect(await orders.money()).toEqual(before);
  expect(await orders.leftOf(order)).toMatchObject({ order: 'cancelled', payment: undefined });
});

test.concurrent('a cancel while the payment is captured refunds the money', async () => {
  const [begun, over] = [latch(), latch()];
  const order = anOrder();
  const saga = await orders.start(order, {
    capturePayment: async () => {
      await world.steps.capturePayment(order);
      begun.open();
      await over.opened;
    },
  });
  await begun.opened;
  await saga.cancel();
  const { steps } = await endOf(saga);
  over.open();
  expect(steps.slice(-undone.length)).toEqual(undone);
  expect(await orders.leftOf(order)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });
});

test.concurrent('a cancel does not stop the undoing', async () => {
  const [begun, goOn] = [latch(), latch()];
  const order = anOrder(notServiceable);
  const saga = await orders.start(order, {
    voidPayment: async () => {
      begun.open();
      await goOn.opened;
      return world.steps.voidPayment(order);
    },
  });
  await begun.opened;
  await saga.cancel();
  goOn.open();
  expect(await saga.result()).toMatchObject({ reason: 'address-not-serviceable' });
  expect(await orders.leftOf(order)).toMatchObject({ order: 'cancelled', payment: 'voided' });
});

test.concurrent('a cancel while the order is confirmed undoes everything, the capture as well', async () => {
  const [begun, goOn] = [latch(), latch()];
  const order = anOrder();
  const saga = await orders.start(order, {
    confirmOrder: async () => {
      begun.open();
      await goOn.opened;
      return world.steps.confirmOrder(order);
    },
  });
  await begun.opened;
  await world.cancel(order);
  goOn.open();
  expect(await endOf(saga)).toEqual({
    outcome: { status: 'cancelled', reason: 'customer-request' },
    steps: [...allSteps, ...undone],
  });
  expect(await orders.leftOf(order)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });
});

test.concurrent('a confirmed order can be cancelled until the carrier has it, and not afterwards', async () => {
  const [early, late] = [anOrder(), anOrder()];
  const [cancelled, shipped] = [await orders.start(early), await orders.start(late)];
  await Promise.all([orders.reached('confirmed', early), orders.reached('confirmed', late)]);
  await world.cancel(early);
  expect(await cancelled.result()).toEqual({ status: 'cancelled', reason: 'customer-request' });
  expect(await orders.leftOf(early)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });

  await shipped.signal(signals.dispatched);
  await eventually(async () => expect(await orders.leftOf(late)).toMatchObject({ order: 'shipped' }));
  await eventually(async () => expect(await statusIn(shipped)).toBe('shipped'));
  await expect(world.cancel(late)).rejects.toMatchObject({ code: 'order-not-cancellable' });
  await shipped.cancel();
  await shipped.signal(signals.delivered);
  expect(await shipped.result()).toEqual({ status: 'delivered' });
});

test.concurrent(
  'a cancel that was accepted before the dispatch was known wins, though the saga receives it later',
  async () => {
    const order = anOrder();
    const saga = await orders.start(order);
    await orders.reached('confirmed', order);
    await world.services.orders.change(order.orderId, { type: 'request-cancellation' });
    await world.services.shipping.report(shipmentIdOf(order.orderId), 'dispatched');
    await saga.signal(signals.dispatched);
    expect(await saga.result()).toEqual({ status: 'cancelled', reason: 'customer-request' });
    expect(await orders.leftOf(order)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });
  },
);

/** The carrier hands the parcel over, and the saga receives the cancellation first. */
async function handOver(order: PlacedOrder, saga: SagaHandle): Promise<void> {
  for (const report of ['dispatched', 'delivered'] as const)
    await world.services.shipping.report(shipmentIdOf(order.orderId), report);
  await saga.signal(signals.cancel);
  await carry(saga);
}

test.concurrent(
  'a parcel that can’t be called back is paid for: the order ends as delivered, and its customer is answered',
  async () => {
    const order = anOrder();
    const saga = await orders.start(order);
    await orders.reached('confirmed', order);
    await world.services.orders.change(order.orderId, { type: 'request-cancellation' });
    await handOver(order, saga);
    expect((await endOf(saga)).outcome).toEqual({ status: 'delivered' });
    expect(await orders.leftOf(order)).toEqual({ order: 'delivered', payment: 'captured', shipment: 'delivered' });
    const { order: asItIs } = await world.services.orders.get(order.orderId);
    expect(asItIs).toMatchObject({ cancellationRequested: false, cancellationDeclined: true });
    await world.services.orders.change(order.orderId, { type: 'request-return' });
  },
);

test.concurrent(
  'a cancel that meets the capture of a parcel that is delivered captures it, and declines the cancel',
  async () => {
    const [begun, over] = [latch(), latch()];
    const order = anOrder();
    let attempts = 0;
    const saga = await orders.start(order, {
      capturePayment: async (ref) => {
        attempts += 1;
        if (attempts > 1) return world.steps.capturePayment(ref);
        begun.open();
        await over.opened;
      },
    });
    await begun.opened;
    await world.services.orders.change(order.orderId, { type: 'request-cancellation' });
    await handOver(order, saga);
    expect(await saga.result()).toEqual({ status: 'delivered' });
    over.open();
    expect(await orders.leftOf(order)).toEqual({ order: 'delivered', payment: 'captured', shipment: 'delivered' });
    await expect(world.cancel(order)).rejects.toMatchObject({ code: 'order-not-cancellable' });
  },
);

test.concurrent(
  'a second request to cancel, between the refusal of the carrier and the dispatch, is declined as well',
  async () => {
    const order = anOrder();
    const saga = await orders.start(order);
    await orders.reached('confirmed', order);
    await world.services.shipping.report(shipmentIdOf(order.orderId), 'delivered');
    await saga.cancel();
    await eventually(async () =>
      expect((await stepsOf(saga)).slice(-2)).toEqual(['declineCancellation', 'confirmOrder']),
    );
    await world.services.orders.change(order.orderId, { type: 'request-cancellation' });
    await world.services.shipping.report(shipmentIdOf(order.orderId), 'dispatched');
    await carry(saga);
    expect(await saga.result()).toEqual({ status: 'delivered' });
    const { order: asItIs } = await world.services.orders.get(order.orderId);
    expect(asItIs).toMatchObject({ status: 'delivered', cancellationDeclined: true });
  },
);

test.concurrent(
  'a parcel that can’t be called back, of which the carrier says no more, waits for an operator',
  async () => {
    const order = anOrder();
    const saga = await orders.start(order, {}, { deliveryTimeoutMs: 200 });
    await orders.reached('confirmed', order);
    await world.services.shipping.report(shipmentIdOf(order.orderId), 'delivered');
    await saga.cancel();
    for (const step of ['dispatch', 'delivery']) {
      await stuckIn(saga, step);
      await decide(saga, { step, action: 'resolve', reason: 'the customer has it' });
    }
    expect(await saga.result()).toEqual({ status: 'delivered' });
    expect(await orders.leftOf(order)).toMatchObject({ order: 'delivered', payment: 'captured' });
  },
);

test.concurrent('a parcel that is delivered and can’t be paid waits for an operator, who leaves it out', async () => {
  const order = anOrder({ paymentToken: 'tok_capture_refused' });
  const saga = await orders.start(order, {
    capturePayment: async (ref) => {
      for (const report of ['dispatched', 'delivered'] as const)
        await world.services.shipping.report(shipmentIdOf(order.orderId), report);
      return world.steps.capturePayment(ref);
    },
  });
  expect(await stuckIn(saga)).toMatchObject({ stuck: { step: 'cancelShipment' } });
  await decide(saga, { step: 'cancelShipment', action: 'skip', reason: 'the customer keeps it' });
  expect(await saga.result()).toMatchObject({ status: 'cancelled', reason: 'capture-refused' });
});
