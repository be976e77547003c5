import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { selectStream } from '../lib/eventlog/store';
import { newContext, withContext } from '../lib/telemetry/context';
import { paymentIdOf } from '../services/payments/domain';
import { eventually } from '../tests/lib-support/eventually';
import { stepsOf } from '../tests/lib-support/steps-in-history';
import { anOrder, carry, createSagaWorld, notServiceable, type SagaWorld } from '../tests/support/saga';
import {
  allSteps,
  carrySteps,
  createSagaOrders,
  endOf,
  failing,
  statusIn,
  stepsTo,
  undone,
} from '../tests/support/saga-orders';

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

test('an order is confirmed in one activity a step, and delivered when the carrier says so', async () => {
  const order = anOrder();
  const saga = await orders.start(order);
  await orders.reached('confirmed', order);
  expect(await orders.leftOf(order)).toEqual({ order: 'confirmed', payment: 'captured', shipment: 'booked' });
  await eventually(async () => expect(await stepsOf(saga)).toEqual(allSteps));
  await eventually(async () => expect(await statusIn(saga)).toBe('confirmed'));
  await carry(saga);
  expect(await endOf(saga)).toEqual({ outcome: { status: 'delivered' }, steps: [...allSteps, ...carrySteps] });
  expect(await orders.leftOf(order)).toEqual({ order: 'delivered', payment: 'captured', shipment: 'booked' });
  expect(await statusIn(saga)).toBe('delivered');
});

test.each([
  {
    refusal: 'out-of-stock',
    order: { items: [{ sku: 'RARE', quantity: 2 }] },
    detail: 'RARE: 2 wanted, 1 available',
    steps: ['reserveStock'],
    left: { payment: undefined, shipment: undefined },
  },
  {
    refusal: 'unknown-product',
    order: { items: [{ sku: 'NOBODY-KNOWS', quantity: 1 }] },
    detail: expect.stringContaining('NOBODY-KNOWS'),
    steps: ['reserveStock'],
    left: { payment: undefined, shipment: undefined },
  },
  {
    refusal: 'payment-declined',
    order: { paymentToken: 'tok_declined' },
    detail: 'The card was declined',
    steps: [...stepsTo('authorizePayment'), 'releaseStock'],
    left: { payment: 'declined', shipment: undefined },
  },
  {
    refusal: 'address-not-serviceable',
    order: notServiceable,
    detail: 'The carrier does not deliver to 00000',
    steps: [...stepsTo('bookShipment'), 'voidPayment', 'releaseStock'],
    left: { payment: 'voided', shipment: undefined },
  },
  {
    refusal: 'capture-refused',
    order: { paymentToken: 'tok_capture_refused' },
    detail: 'The bank did not release the money',
    steps: [...stepsTo('capturePayment'), 'cancelShipment', 'voidPayment', 'releaseStock'],
    left: { payment: 'voided', shipment: 'cancelled' },
  },
])('$refusal: what was done is undone in reverse, what was refused is not', async (expected) => {
  const order = anOrder(expected.order);
  const saga = await orders.start(order);
  expect(await endOf(saga)).toEqual({
    outcome: { status: 'cancelled', reason: expected.refusal, detail: expected.detail },
    steps: [...expected.steps, 'cancelOrder'],
  });
  expect(await orders.leftOf(order)).toEqual({ order: 'cancelled', ...expected.left });
  expect(await statusIn(saga)).toBe('cancelled');
});

test.each(['tok_flaky', 'tok_timeout'])('%s is delivered, and charged once', async (paymentToken) => {
  const order = anOrder({ paymentToken });
  const { charged } = await orders.money();
  expect(await orders.run(order)).toEqual({ outcome: { status: 'delivered' }, steps: [...allSteps, ...carrySteps] });
  expect(await orders.money()).toMatchObject({ charged: charged + order.total.amount });
});

test('a step gives up after some minutes of faults; an undo, and all that follows the capture, never do', async () => {
  const { steps } = world;
  const [gone, slowlyUndone, slowlyConfirmed] = [anOrder(), anOrder(notServiceable), anOrder()];
  const ends = await Promise.all([
    orders.run(gone, { bookShipment: failing(Infinity, steps.bookShipment, 'internal') }),
    orders.run(slowlyUndone, { voidPayment: failing(17, steps.voidPayment) }),
    orders.run(slowlyConfirmed, { confirmOrder: failing(17, steps.confirmOrder) }),
  ]);
  expect(ends.map(({ outcome }) => outcome)).toEqual([
    { status: 'cancelled', reason: 'failed', detail: 'bookShipment failed' },
    { status: 'cancelled', reason: 'address-not-serviceable', detail: 'The carrier does not deliver to 00000' },
    { status: 'delivered' },
  ]);
  // It is not known what a step has done whose attempts all failed, so it is undone like the others.
  expect(ends[0].steps.slice(-4)).toEqual(['cancelShipment', 'voidPayment', 'releaseStock', 'cancelOrder']);
  expect(await orders.leftOf(gone)).toMatchObject({ order: 'cancelled', payment: 'voided' });
  expect(await orders.leftOf(slowlyUndone)).toMatchObject({ order: 'cancelled', payment: 'voided' });
});

test('a step that is refused to a saga that begins anew is undone: the one before it may have done it', async () => {
  const before = { cancelling: false, dispatched: false, delivered: false };
  const { outcome, steps } = await endOf(await orders.start(anOrder(notServiceable), {}, {}, before));
  expect(outcome).toMatchObject({ status: 'cancelled', reason: 'address-not-serviceable' });
  expect(steps).toEqual([...stepsTo('bookShipment'), ...undone]);
});

test('a customer who wants the rest gets it, and pays no more than that', async () => {
  const items = [
    { sku: 'TEA-1', quantity: 2 },
    { sku: 'RARE', quantity: 2 },
  ];
  const order = anOrder({ items, total: { amount: 4, currency: 'EUR' }, ifUnavailable: 'ship_rest' });
  const { charged } = await orders.money();
  expect(await orders.run(order)).toEqual({
    outcome: { status: 'delivered' },
    steps: ['reserveStock', 'reduceOrder', ...allSteps.slice(1), ...carrySteps],
  });
  const got = { items: [{ sku: 'TEA-1', quantity: 2 }], total: { amount: 2, currency: 'EUR' } };
  orders.got(order, got);
  expect((await world.services.orders.get(order.orderId)).order).toMatchObject(got);
  expect(await orders.money()).toMatchObject({ charged: charged + 2 });
});

test('what a step records carries the correlation id and the trace of its starter', async () => {
  const order = anOrder();
  const context = newContext({ correlationId: 'from-far-away', causationId: 'an-event' });
  const saga = await withContext(context, () => orders.start(order));
  await carry(saga);
  await saga.result();
  const [authorized] = await selectStream(
    world.services.databases.payments.kysely,
    `payment-${paymentIdOf(order.orderId)}`,
  );
  expect(authorized?.metadata).toMatchObject({ correlationId: 'from-far-away', causationId: 'an-event' });
  expect(authorized?.metadata.traceparent).toContain(context.traceparent.split('-')[1]);
  expect(authorized?.metadata.traceparent).not.toBe(context.traceparent);
});

test('the steps can be read in the Web UI', async () => {
  const saga = await orders.start(
    anOrder({
      items: [
        { sku: 'TEA-1', quantity: 2 },
        { sku: 'CUP-2', quantity: 1 },
      ],
    }),
  );
  await carry(saga);
  await saga.result();
  const { events } = await saga.fetchHistory();
  const summaries = (events ?? []).flatMap(({ userMetadata }) => {
    const data = userMetadata?.summary?.data;
    return data ? [JSON.parse(Buffer.from(data).toString()) as string] : [];
  });
  expect(summaries).toEqual(
    expect.arrayContaining([
      'Reserve 2 × TEA-1, 1 × CUP-2',
      'Authorise EUR 25.00',
      'Book a parcel to GB',
      'Capture EUR 25.00',
      'Confirm the order',
      'Mark the order as shipped',
      'Ship 2 × TEA-1, 1 × CUP-2',
      'Mark the order as delivered',
    ]),
  );
});
