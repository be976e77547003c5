import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { searchAttributes, type PlacedOrder } from '../contracts/saga/order';
import { newContext, withContext } from '../lib/telemetry/context';
import { readStream } from '../lib/eventlog/read';
import { paymentIdOf } from '../services/payments/domain';
import { totals } from '../services/payments/gateway/store';
import { door } from '../tests/support/door';
import { shelf } from '../tests/support/saga-services';
import { anOrder, createSagaWorld, stepsOf, type SagaHandle, type SagaWorld, type Steps } from '../tests/support/saga';

let world: SagaWorld;

beforeAll(async () => {
  world = await createSagaWorld();
});
afterAll(() => world.stop());

const allSteps = ['reserveStock', 'authorizePayment', 'bookShipment', 'capturePayment', 'confirmOrder'];
const elsewhere = { ...anOrder().shippingAddress, postalCode: '00000' };

const placed: PlacedOrder[] = [];

function start(order: PlacedOrder, instead?: Partial<Steps>): Promise<SagaHandle> {
  placed.push(order);
  return world.start(order, instead);
}

/** How a saga ended, and the activities that it took, in their order. */
const endOf = async (saga: SagaHandle) => ({ outcome: await saga.result(), steps: await stepsOf(saga) });

/** The status that the list of workflows shows. */
const statusIn = async (saga: SagaHandle) => (await saga.describe()).typedSearchAttributes.get(searchAttributes.status);

/** Runs an order to its end. */
const run = async (order: PlacedOrder, instead?: Partial<Steps>) => endOf(await start(order, instead));

/** What is left of an order in the services. */
async function leftOf({ orderId }: PlacedOrder) {
  const { order } = await world.services.orders.get(orderId);
  const [payment] = await world.services.payments.paymentsOf(orderId);
  const [shipment] = await world.services.shipping.shipmentsOf(orderId);
  return { order: order.status, payment: payment?.status, shipment: shipment?.status };
}

/** Fails so many times, one at once after the other, then does what it should. */
function failing<Args extends unknown[], Result>(times: number, step: (...args: Args) => Promise<Result>) {
  let failures = 0;
  return (...args: Args): Promise<Result> => {
    failures += 1;
    if (failures > times) return step(...args);
    throw ApplicationFailure.create({ message: 'A fault', type: 'unavailable', nextRetryDelay: '1 ms' });
  };
}

test('an order goes all the way, in five activities', async () => {
  const order = anOrder();
  const saga = await start(order);
  expect(await endOf(saga)).toEqual({ outcome: { status: 'confirmed' }, steps: allSteps });
  expect(await leftOf(order)).toEqual({ order: 'confirmed', payment: 'captured', shipment: 'booked' });
  expect(await statusIn(saga)).toBe('confirmed');
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
    steps: ['reserveStock', 'authorizePayment', 'releaseStock'],
    left: { payment: 'declined', shipment: undefined },
  },
  {
    refusal: 'address-not-serviceable',
    order: { shippingAddress: elsewhere },
    detail: 'The carrier does not deliver to 00000',
    steps: ['reserveStock', 'authorizePayment', 'bookShipment', 'voidPayment', 'releaseStock'],
    left: { payment: 'voided', shipment: undefined },
  },
  {
    refusal: 'capture-refused',
    order: { paymentToken: 'tok_capture_refused' },
    detail: 'The bank did not release the money',
    steps: [...allSteps.slice(0, 4), 'cancelShipment', 'voidPayment', 'releaseStock'],
    left: { payment: 'voided', shipment: 'cancelled' },
  },
])('$refusal: what was done is undone in reverse, what was refused is not', async (expected) => {
  const order = anOrder(expected.order);
  const saga = await start(order);
  expect(await endOf(saga)).toEqual({
    outcome: { status: 'cancelled', reason: expected.refusal, detail: expected.detail },
    steps: [...expected.steps, 'cancelOrder'],
  });
  expect(await leftOf(order)).toEqual({ order: 'cancelled', ...expected.left });
  expect(await statusIn(saga)).toBe('cancelled');
});

test.each(['tok_flaky', 'tok_timeout', 'tok_review'])('%s is confirmed, and charged once', async (paymentToken) => {
  const order = anOrder({ paymentToken });
  const { charged } = await totals(world.services.databases.gateway.kysely);
  expect(await run(order)).toEqual({ outcome: { status: 'confirmed' }, steps: allSteps });
  expect(await totals(world.services.databases.gateway.kysely)).toMatchObject({
    charged: charged + order.total.amount,
  });
});

test('a step gives up after some minutes of faults; an undo, and all that follows the capture, never do', async () => {
  const { steps } = world;
  const [gone, slowlyUndone, slowlyConfirmed] = [anOrder(), anOrder({ shippingAddress: elsewhere }), anOrder()];
  const ends = await Promise.all([
    run(gone, { bookShipment: failing(Infinity, steps.bookShipment) }),
    run(slowlyUndone, { voidPayment: failing(17, steps.voidPayment) }),
    run(slowlyConfirmed, { confirmOrder: failing(17, steps.confirmOrder) }),
  ]);
  expect(ends.map(({ outcome }) => outcome)).toEqual([
    { status: 'cancelled', reason: 'failed', detail: 'bookShipment did not succeed' },
    { status: 'cancelled', reason: 'address-not-serviceable', detail: 'The carrier does not deliver to 00000' },
    { status: 'confirmed' },
  ]);
  // Nobody knows what the step has done that failed to the end, so it is undone like the others.
  expect(ends[0].steps.slice(3)).toEqual(['cancelShipment', 'voidPayment', 'releaseStock', 'cancelOrder']);
  expect(await leftOf(gone)).toMatchObject({ order: 'cancelled', payment: 'voided' });
  expect(await leftOf(slowlyUndone)).toMatchObject({ order: 'cancelled', payment: 'voided' });
});

test('a step that is refused at a later attempt is undone: an earlier attempt may still be at work', async () => {
  const order = anOrder({ paymentToken: 'tok_declined' });
  const { steps } = await run(order, { authorizePayment: failing(1, world.steps.authorizePayment) });
  expect(steps).toEqual(['reserveStock', 'authorizePayment', 'voidPayment', 'releaseStock', 'cancelOrder']);
});

test('a cancel undoes the step it meets, and a late arrival of that step leaves no charge', async () => {
  const [begun, late, refused] = [door(), door(), door()];
  const order = anOrder();
  const saga = await start(order, {
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
    steps: ['reserveStock', 'authorizePayment', 'voidPayment', 'releaseStock', 'cancelOrder'],
  });

  const before = await totals(world.services.databases.gateway.kysely);
  late.open();
  await refused.opened;
  expect(await totals(world.services.databases.gateway.kysely)).toEqual(before);
  expect(await leftOf(order)).toMatchObject({ order: 'cancelled', payment: undefined });
});

test('a cancel while the payment is captured gives the money back', async () => {
  const [begun, over] = [door(), door()];
  const order = anOrder();
  const saga = await start(order, {
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
  expect(steps.slice(4)).toEqual(['refundPayment', 'cancelShipment', 'voidPayment', 'releaseStock', 'cancelOrder']);
  expect(await leftOf(order)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });
});

test('a cancel does not stop the undoing', async () => {
  const [begun, goOn] = [door(), door()];
  const order = anOrder({ shippingAddress: elsewhere });
  const saga = await start(order, {
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
  expect(await leftOf(order)).toMatchObject({ order: 'cancelled', payment: 'voided' });
});

test('a cancel after the capture does not stop the order', async () => {
  const [begun, goOn] = [door(), door()];
  const order = anOrder();
  const saga = await start(order, {
    confirmOrder: async () => {
      begun.open();
      await goOn.opened;
      return world.steps.confirmOrder(order);
    },
  });
  await begun.opened;
  await saga.cancel();
  goOn.open();
  expect(await endOf(saga)).toEqual({ outcome: { status: 'confirmed' }, steps: allSteps });
});

test('what a step records carries the correlation id and the trace of whoever started the saga', async () => {
  const order = anOrder();
  const context = newContext({ correlationId: 'from-far-away', causationId: 'an-event' });
  const saga = await withContext(context, () => start(order));
  await saga.result();
  const [authorized] = await readStream(
    world.services.databases.payments.kysely,
    `payment-${paymentIdOf(order.orderId)}`,
  );
  expect(authorized?.metadata).toMatchObject({ correlationId: 'from-far-away', causationId: 'an-event' });
  expect(authorized?.metadata.traceparent).toContain(context.traceparent.split('-')[1]);
  expect(authorized?.metadata.traceparent).not.toBe(context.traceparent);
});

test('the steps can be read in the Web UI', async () => {
  const saga = await start(
    anOrder({
      items: [
        { sku: 'TEA-1', quantity: 2 },
        { sku: 'CUP-2', quantity: 1 },
      ],
    }),
  );
  await saga.result();
  const { events } = await saga.fetchHistory();
  const summaries = (events ?? []).flatMap(({ userMetadata }) => {
    const data = userMetadata?.summary?.data;
    return data ? [JSON.parse(Buffer.from(data).toString()) as string] : [];
  });
  expect(summaries).toEqual([
    'Reserve 2 × TEA-1, 1 × CUP-2',
    'Authorise EUR 25.00',
    'Book a parcel to GB',
    'Capture EUR 25.00',
    'Confirm the order',
  ]);
});

test('after all these orders, stock and money add up', async () => {
  const ends = await Promise.all(placed.map(leftOf));
  const confirmed = placed.filter((_, index) => ends[index]?.order === 'confirmed');
  const sold = (wanted: string) =>
    sum(confirmed.flatMap(({ items }) => items.map(({ sku, quantity }) => (sku === wanted ? quantity : 0))));

  for (const { sku, stock } of shelf) {
    const { available, reserved } = await world.services.inventory.get(sku);
    expect({ sku, available, reserved }).toEqual({ sku, available: stock - sold(sku), reserved: sold(sku) });
  }
  expect(await totals(world.services.databases.gateway.kysely)).toEqual({
    charged: sum(confirmed.map(({ total }) => total.amount)),
    held: 0,
  });
});

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
