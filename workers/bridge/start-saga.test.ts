import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { orderCreated, toPlacedOrder } from '../../contracts/events/order';
import { defaultPolicy, orderWorkflowId, searchAttributes, type PlacedOrder } from '../../contracts/saga/order';
import type { TemporalConnection } from '../../lib/temporal/client';
import { eventually } from '../../tests/lib-support/eventually';
import { connectToTestNamespace } from '../../tests/support/namespace';
import { startProxy, type Proxy } from '../../tests/lib-support/proxy';
import { required } from '../../tests/lib-support/required';
import { anOrder } from '../../tests/support/saga';
import { startSaga } from './start-saga';

let temporal: TemporalConnection;
let line: Proxy;

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  temporal = await connectToTestNamespace(`127.0.0.1:${line.port}`);
});
afterAll(async () => {
  await temporal.close();
  await line.close();
});

const start = (order: PlacedOrder): Promise<void> => startSaga(temporal.client, order, defaultPolicy);
const sagaOf = ({ orderId }: PlacedOrder) => temporal.client.workflow.getHandle(orderWorkflowId(orderId));
const stateOf = (order: PlacedOrder) => sagaOf(order).describe();

test('a saga carries what people look for', async () => {
  const order = anOrder({ items: [{ sku: 'TEA-1', quantity: 2 }] });
  await start(order);
  const { typedSearchAttributes, staticSummary, type } = await stateOf(order);
  expect(type).toBe('orderSaga');
  expect(typedSearchAttributes.get(searchAttributes.status)).toBe('placed');
  expect(typedSearchAttributes.get(searchAttributes.user)).toBe(order.userId);
  expect(await staticSummary()).toBe('2 × TEA-1 for EUR 25.00');
});

test('a saga that runs is not started again', async () => {
  const order = anOrder();
  await start(order);
  const { runId } = await stateOf(order);
  await start(order);
  expect((await stateOf(order)).runId).toBe(runId);
});

test('a saga that has ended is not started again', async () => {
  const order = anOrder();
  await start(order);
  await sagaOf(order).terminate();
  await start(order);
  expect((await stateOf(order)).status.name).toBe('TERMINATED');
});

test('many sagas start at the same time', async () => {
  const orders = Array.from({ length: 150 }, () => anOrder());
  // On a busy machine some are not answered in time, as in an outage: asked again they are there.
  await Promise.all(orders.map((order) => eventually(() => start(order), 60_000)));
  const last = orders.at(-1) ?? anOrder();
  expect((await stateOf(last)).status.name).toBe('RUNNING');
});

test('while Temporal is away it says so, and afterwards the saga starts', async () => {
  const order = anOrder();
  line.cut();
  await expect(start(order)).rejects.toMatchObject({ code: 'unavailable' });
  line.restore();
  await eventually(() => start(order));
  expect((await stateOf(order)).status.name).toBe('RUNNING');
});

test('the saga gets what it needs of a new order', () => {
  const { example } = orderCreated;
  expect(toPlacedOrder(example)).toEqual({
    orderId: example.orderId,
    userId: example.userId,
    items: [{ sku: 'TEA-1', quantity: 2 }],
    total: { amount: 2500, currency: 'EUR' },
    destination: 'GB',
    details: example.details,
  });
});
