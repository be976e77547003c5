import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { orderCreated } from '../../contracts/events/order';
import { orderWorkflowId, searchAttributes, type PlacedOrder } from '../../contracts/saga/order';
import { createLogger } from '../../lib/telemetry/logger';
import { connectTemporal, type TemporalConnection } from '../../lib/temporal/client';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';
import { eventually } from '../../tests/support/eventually';
import { createTestNamespace } from '../../tests/support/namespace';
import { startProxy, type Proxy } from '../../tests/support/proxy';
import { required } from '../../tests/support/required';
import { anOrder } from '../../tests/support/saga';
import { bridgeMigrations } from './migrations';
import { startSaga, toPlacedOrder } from './start-saga';
import { markStarted } from './store';
import type { BridgeTables } from './tables';

let bridge: TestDatabase<BridgeTables>;
let temporal: TemporalConnection;
let line: Proxy;

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  bridge = await createTestDatabase<BridgeTables>(bridgeMigrations);
  temporal = await connectTemporal({
    address: `127.0.0.1:${line.port}`,
    namespace: await createTestNamespace(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
});
afterAll(async () => {
  await temporal.close();
  await line.close();
  await bridge.drop();
});

const start = (order: PlacedOrder): Promise<void> => startSaga(temporal.client, bridge.database.kysely, order);
const sagaOf = ({ orderId }: PlacedOrder) => temporal.client.workflow.getHandle(orderWorkflowId(orderId));
const stateOf = (order: PlacedOrder) => sagaOf(order).describe();
const forget = (): Promise<unknown> => bridge.database.kysely.deleteFrom('started_sagas').execute();

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
  await forget();
  await start(order);
  expect((await stateOf(order)).runId).toBe(runId);
});

test('a saga that has ended is not started again', async () => {
  const order = anOrder();
  await start(order);
  await sagaOf(order).terminate();
  await forget();
  await start(order);
  expect((await stateOf(order)).status.name).toBe('TERMINATED');
});

test('a saga that Temporal has forgotten is not started again', async () => {
  const order = anOrder();
  await markStarted(bridge.database.kysely, orderWorkflowId(order.orderId));
  await start(order);
  await expect(stateOf(order)).rejects.toThrow('not found');
});

test('many sagas start at the same time', async () => {
  const orders = Array.from({ length: 150 }, () => anOrder());
  await Promise.all(orders.map(start));
  const last = orders.at(-1) ?? anOrder();
  expect((await stateOf(last)).status.name).toBe('RUNNING');
});

test('while Temporal is away it says so, and afterwards the saga starts', async () => {
  const order = anOrder();
  line.cut();
  await expect(start(order)).rejects.toMatchObject({ code: 'unavailable' });
  line.mend();
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
    paymentToken: 'tok_ok',
    shippingAddress: example.shippingAddress,
  });
});
