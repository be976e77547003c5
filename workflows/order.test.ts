import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import {
  decisionUpdate,
  reviewUpdate,
  signals,
  stateQuery,
  type Decision,
  type Review,
  type SagaState,
} from '../contracts/saga/messages';
import { searchAttributes, type PlacedOrder, type SagaPolicy } from '../contracts/saga/order';
import { newContext, withContext } from '../lib/telemetry/context';
import { readStream } from '../lib/eventlog/read';
import { paymentIdOf } from '../services/payments/domain';
import { totals } from '../services/payments/gateway/store';
import { shipmentIdOf } from '../services/shipping/domain';
import { door } from '../tests/support/door';
import { eventually } from '../tests/support/eventually';
import { shelf } from '../tests/support/saga-services';
import {
  anOrder,
  carry,
  createSagaWorld,
  stepsOf,
  type SagaHandle,
  type SagaWorld,
  type Steps,
} from '../tests/support/saga';

let world: SagaWorld;

beforeAll(async () => {
  world = await createSagaWorld();
});
afterAll(() => world.stop());

const undone = ['refundPayment', 'cancelShipment', 'voidPayment', 'releaseStock', 'cancelOrder'];
const allSteps = ['reserveStock', 'authorizePayment', 'bookShipment', 'capturePayment', 'confirmOrder'];
const carrySteps = ['shipOrder', 'shipStock', 'deliverOrder'];
const elsewhere = { ...anOrder().shippingAddress, postalCode: '00000' };

const placed: PlacedOrder[] = [];
/** Of orders that got less than they wanted. */
const partial: { sku: string; quantity: number; amount: number }[] = [];

function start(order: PlacedOrder, ...more: [Partial<Steps>?, Partial<SagaPolicy>?]): Promise<SagaHandle> {
  placed.push(order);
  return world.start(order, ...more);
}

/** How a saga ended, and the activities that it took, in their order. */
const endOf = async (saga: SagaHandle) => ({ outcome: await saga.result(), steps: await stepsOf(saga) });

/** The status that the list of workflows shows. */
const statusIn = async (saga: SagaHandle) => (await saga.describe()).typedSearchAttributes.get(searchAttributes.status);

/** Runs an order to its end; the carrier has done its part before anybody waits for it. */
async function run(order: PlacedOrder, instead?: Partial<Steps>) {
  const saga = await start(order, instead);
  await carry(saga);
  return endOf(saga);
}

/** Waits until the order is confirmed: from then on its saga waits for the carrier. */
const confirmed = ({ orderId }: PlacedOrder) =>
  eventually(async () => expect((await world.services.orders.get(orderId)).order.status).toBe('confirmed'));

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

test('an order is confirmed in five activities, and delivered when the carrier says so', async () => {
  const order = anOrder();
  const saga = await start(order);
  await confirmed(order);
  expect(await leftOf(order)).toEqual({ order: 'confirmed', payment: 'captured', shipment: 'booked' });
  await eventually(async () => expect(await stepsOf(saga)).toEqual(allSteps));
  await eventually(async () => expect(await statusIn(saga)).toBe('confirmed'));
  await carry(saga);
  expect(await endOf(saga)).toEqual({ outcome: { status: 'delivered' }, steps: [...allSteps, ...carrySteps] });
  expect(await leftOf(order)).toEqual({ order: 'delivered', payment: 'captured', shipment: 'booked' });
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

test.each(['tok_flaky', 'tok_timeout'])('%s is delivered, and charged once', async (paymentToken) => {
  const order = anOrder({ paymentToken });
  const { charged } = await totals(world.services.databases.gateway.kysely);
  expect(await run(order)).toEqual({ outcome: { status: 'delivered' }, steps: [...allSteps, ...carrySteps] });
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
    { status: 'delivered' },
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

test('a cancel while the order is confirmed undoes everything, the capture as well', async () => {
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
  await world.cancel(order);
  goOn.open();
  expect(await endOf(saga)).toEqual({
    outcome: { status: 'cancelled', reason: 'customer-request' },
    steps: [...allSteps, ...undone],
  });
  expect(await leftOf(order)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });
});

test('a confirmed order can be cancelled until the carrier has it, and not afterwards', async () => {
  const [early, late] = [anOrder(), anOrder()];
  const [cancelled, shipped] = [await start(early), await start(late)];
  await Promise.all([confirmed(early), confirmed(late)]);
  await world.cancel(early);
  expect(await cancelled.result()).toEqual({ status: 'cancelled', reason: 'customer-request' });
  expect(await leftOf(early)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });

  await shipped.signal(signals.dispatched);
  await eventually(async () => expect(await leftOf(late)).toMatchObject({ order: 'shipped' }));
  await eventually(async () => expect(await statusIn(shipped)).toBe('shipped'));
  await expect(world.cancel(late)).rejects.toMatchObject({ code: 'order-not-cancellable' });
  await shipped.cancel();
  await shipped.signal(signals.delivered);
  expect(await shipped.result()).toEqual({ status: 'delivered' });
});

test('a cancel that was accepted before the dispatch was known wins, though the saga hears of it later', async () => {
  const order = anOrder();
  const saga = await start(order);
  await confirmed(order);
  await world.services.orders.change(order.orderId, { type: 'request-cancellation' });
  await world.services.shipping.report(shipmentIdOf(order.orderId), 'dispatched');
  await saga.signal(signals.dispatched);
  expect(await saga.result()).toEqual({ status: 'cancelled', reason: 'customer-request' });
  expect(await leftOf(order)).toEqual({ order: 'cancelled', payment: 'refunded', shipment: 'cancelled' });
});

const big = { amount: 100_000, currency: 'EUR' };
const review = (saga: SagaHandle, decision: 'approve' | 'reject', updateId: string = randomUUID()) =>
  saga.executeUpdate<unknown, [Review]>(reviewUpdate, { args: [{ decision, note: 'looked at it' }], updateId });
const inReview = ({ orderId }: PlacedOrder) =>
  eventually(async () => expect((await world.services.orders.get(orderId)).order.status).toBe('in_review'));

test.each([{ total: big }, { paymentToken: 'tok_review' }])(
  '%j waits for a review; approved it goes on',
  async (what) => {
    const order = anOrder(what);
    const saga = await start(order);
    await inReview(order);
    await eventually(async () => expect(await statusIn(saga)).toBe('in_review'));
    await Promise.all([review(saga, 'approve', 'once'), review(saga, 'approve', 'once')]);
    await expect(review(saga, 'reject')).rejects.toThrow();
    await carry(saga);
    expect(await saga.result()).toEqual({ status: 'delivered' });
  },
);

test('a rejected order is undone with the operator’s words; one that nobody looks at as timed out', async () => {
  const [rejected, forgotten] = [anOrder({ total: big }), anOrder({ total: big })];
  const [saga, other] = [await start(rejected), await start(forgotten, {}, { reviewTimeoutMs: 300 })];
  await inReview(rejected);
  await review(saga, 'reject');
  expect(await endOf(saga)).toEqual({
    outcome: { status: 'cancelled', reason: 'review-rejected', detail: 'looked at it' },
    steps: ['reserveStock', 'authorizePayment', 'requestReview', 'voidPayment', 'releaseStock', 'cancelOrder'],
  });
  expect(await other.result()).toMatchObject({ status: 'cancelled', reason: 'review-timed-out' });
});

test('an approval that comes after the time-out, or after a cancel, is refused though the order is still being undone', async () => {
  const orders = [anOrder({ total: big }), anOrder({ total: big })] as const;
  const [undoing, goOn] = [[door(), door()], door()] as const;
  const voidLater = (index: 0 | 1): Partial<Steps> => ({
    voidPayment: async (order) => {
      undoing[index].open();
      await goOn.opened;
      return world.steps.voidPayment(order);
    },
  });
  const [late, cancelled] = [
    await start(orders[0], voidLater(0), { reviewTimeoutMs: 300 }),
    await start(orders[1], voidLater(1)),
  ];
  await inReview(orders[1]);
  await world.cancel(orders[1]);
  for (const [index, saga] of [late, cancelled].entries()) {
    await undoing[index]?.opened;
    await expect(review(saga, 'approve')).rejects.toMatchObject({
      cause: { type: 'saga-not-waiting', message: 'Nobody waits for it any more' },
    });
  }
  goOn.open();
  expect(await late.result()).toMatchObject({ reason: 'review-timed-out' });
  expect(await cancelled.result()).toMatchObject({ reason: 'customer-request' });
});

test('two clicks are one decision, also when each is an update of its own', async () => {
  const order = anOrder({ total: big });
  const saga = await start(order);
  await inReview(order);
  await Promise.all([review(saga, 'approve'), review(saga, 'approve')]);
  await carry(saga);
  expect(await saga.result()).toEqual({ status: 'delivered' });
});

test('an order in review can be cancelled by its customer', async () => {
  const order = anOrder({ total: big });
  const saga = await start(order);
  await inReview(order);
  await world.cancel(order);
  expect(await saga.result()).toEqual({ status: 'cancelled', reason: 'customer-request' });
});

test('a customer who wants the rest gets it, and pays no more than that', async () => {
  const items = [
    { sku: 'TEA-1', quantity: 2 },
    { sku: 'RARE', quantity: 2 },
  ];
  const order = anOrder({ items, total: { amount: 4, currency: 'EUR' }, ifUnavailable: 'ship_rest' });
  const before = await totals(world.services.databases.gateway.kysely);
  expect(await run(order)).toEqual({
    outcome: { status: 'delivered' },
    steps: ['reserveStock', 'reduceOrder', ...allSteps.slice(1), ...carrySteps],
  });
  placed.pop(); // It took less than was wanted: counted here instead.
  expect((await world.services.orders.get(order.orderId)).order).toMatchObject({
    items: [{ sku: 'TEA-1', quantity: 2 }],
    total: { amount: 2 },
  });
  const { charged } = await totals(world.services.databases.gateway.kysely);
  expect(charged - before.charged).toBe(2);
  partial.push({ sku: 'TEA-1', quantity: 2, amount: 2 });
});

const stuckIn = (saga: SagaHandle) =>
  eventually(async () => {
    const state = await saga.query<SagaState>(stateQuery);
    expect(state.stuck).toBeDefined();
    return state;
  });
const stuckAt = (saga: SagaHandle, step: string) =>
  eventually(async () => {
    const state = await saga.query<SagaState>(stateQuery);
    expect(state.stuck?.step).toBe(step);
    return state;
  });
const decide = (saga: SagaHandle, decision: Decision) =>
  saga.executeUpdate<unknown, [Decision]>(decisionUpdate, { args: [decision] });

test('an undo that keeps failing waits for an operator: seen everywhere, and tried again when they say so', async () => {
  const order = anOrder({ shippingAddress: elsewhere });
  let broken = true;
  const saga = await start(order, {
    voidPayment: (ref) => (broken ? failing(Infinity, world.steps.voidPayment)(ref) : world.steps.voidPayment(ref)),
  });
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
  expect(await leftOf(order)).toMatchObject({ order: 'cancelled', payment: 'voided' });
});

test('a skip that is said while the call is tried again acts at once, and on no other call', async () => {
  const [begun, goOn] = [door(), door()];
  const order = anOrder({ shippingAddress: elsewhere });
  const voiding = failing(2, world.steps.voidPayment);
  const saga = await start(
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
  await stuckAt(saga, 'voidPayment');
  await decide(saga, { step: 'voidPayment', action: 'retry' });
  await begun.opened;
  await decide(saga, { step: 'voidPayment', action: 'skip', reason: 'it is voided' });
  goOn.open();
  expect(await stuckAt(saga, 'releaseStock')).toEqual({ undos: ['releaseStock'], stuck: expect.anything() });
  await decide(saga, { step: 'releaseStock', action: 'retry' });
  expect((await endOf(saga)).steps.slice(3)).toEqual([
    ...['voidPayment', 'reportStuck', 'voidPayment'],
    ...['releaseStock', 'reportStuck', 'releaseStock', 'cancelOrder'],
  ]);
});

test('a parcel that was delivered while its order was being cancelled waits for an operator, who leaves it out', async () => {
  const order = anOrder();
  const saga = await start(order);
  await confirmed(order);
  await world.services.orders.change(order.orderId, { type: 'request-cancellation' });
  await world.services.shipping.report(shipmentIdOf(order.orderId), 'dispatched');
  await world.services.shipping.report(shipmentIdOf(order.orderId), 'delivered');
  await saga.signal(signals.dispatched);
  expect(await stuckIn(saga)).toMatchObject({ stuck: { step: 'cancelShipment' } });
  await decide(saga, { step: 'cancelShipment', action: 'skip', reason: 'the customer keeps it' });
  expect(await saga.result()).toEqual({ status: 'cancelled', reason: 'customer-request' });
});

test('a step that makes the order what it is can’t be left out: a parcel on its way would be taken back', async () => {
  const order = anOrder();
  const saga = await start(order, { confirmOrder: failing(2, world.steps.confirmOrder) }, { attemptsBeforeAlarm: 2 });
  await stuckAt(saga, 'confirmOrder');
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
  const saga = await start(order, {}, { deliveryTimeoutMs: 200 });
  await saga.signal(signals.dispatched);
  expect(await stuckIn(saga)).toMatchObject({ stuck: { step: 'delivery' } });
  await decide(saga, { step: 'delivery', action: 'resolve', reason: 'the customer has it' });
  expect(await saga.result()).toEqual({ status: 'delivered' });
  expect(await leftOf(order)).toMatchObject({ order: 'delivered' });
});

test('what a step records carries the correlation id and the trace of whoever started the saga', async () => {
  const order = anOrder();
  const context = newContext({ correlationId: 'from-far-away', causationId: 'an-event' });
  const saga = await withContext(context, () => start(order));
  await carry(saga);
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
  await carry(saga);
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
    'The carrier has the parcel',
    'Send 2 × TEA-1, 1 × CUP-2',
    'The customer has the parcel',
  ]);
});

test('after all these orders, stock and money add up', async () => {
  const ends = await Promise.all(placed.map(leftOf));
  const delivered = placed.filter((_, index) => ends[index]?.order === 'delivered');
  const lines = [...delivered.flatMap(({ items }) => items), ...partial];
  const sold = (wanted: string) => sum(lines.map(({ sku, quantity }) => (sku === wanted ? quantity : 0)));

  for (const { sku, stock } of shelf) {
    const { available, reserved, shipped } = await world.services.inventory.get(sku);
    expect({ sku, available, reserved, shipped }).toEqual({
      sku,
      available: stock - sold(sku),
      reserved: 0,
      shipped: sold(sku),
    });
  }
  expect(await totals(world.services.databases.gateway.kysely)).toEqual({
    charged: sum([...delivered.map(({ total }) => total.amount), ...partial.map(({ amount }) => amount)]),
    held: 0,
  });
});

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
