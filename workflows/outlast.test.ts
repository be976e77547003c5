import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../tests/lib-support/eventually';
import { anOrder, createSagaWorld, notServiceable, type SagaWorld } from '../tests/support/saga';
import { allSteps, carrySteps, createSagaOrders, endOf, failing } from '../tests/support/saga-orders';

let world: SagaWorld;
const orders = createSagaOrders(() => world);

beforeAll(async () => {
  world = await createSagaWorld();
});
afterAll(() => world.stop());

/** More failures than a step has attempts. */
const long = 20;

test('an outage of a service does not use up the attempts of a step, and undoes nothing', async () => {
  const order = anOrder();
  const { bookShipment } = world.steps;
  const { outcome, steps } = await orders.run(order, { bookShipment: failing(long, bookShipment, 'unavailable') });
  expect(outcome).toEqual({ status: 'delivered' });
  expect([...new Set(steps)]).toEqual([...allSteps, ...carrySteps]);
});

test('a refusal after an outage is not the answer of a first attempt: the step’s undo stands as a fence', async () => {
  const order = anOrder(notServiceable);
  const { bookShipment } = world.steps;
  const { outcome, steps } = await orders.run(order, { bookShipment: failing(long, bookShipment, 'unavailable') });
  expect(outcome).toMatchObject({ status: 'cancelled', reason: 'address-not-serviceable' });
  expect(steps.slice(-4)).toEqual(['cancelShipment', 'voidPayment', 'releaseStock', 'cancelOrder']);
});

test('while a service is away the Web UI says so, and the customer can cancel', async () => {
  const order = anOrder();
  const away = failing(Infinity, world.steps.bookShipment, 'unavailable');
  const saga = await orders.start(order, { bookShipment: away });
  await eventually(async () => {
    const { currentDetails } = await saga.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toBe('**bookShipment waits until its service is back**: A fault');
  });
  await world.cancel(order);
  const { outcome, steps } = await endOf(saga);
  expect(outcome).toEqual({ status: 'cancelled', reason: 'customer-request' });
  expect(steps.slice(-4)).toEqual(['cancelShipment', 'voidPayment', 'releaseStock', 'cancelOrder']);
});

test('after all these orders, stock and money add up', () => orders.expectToAddUp());
