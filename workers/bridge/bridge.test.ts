import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { orderWorkflowId } from '../../contracts/saga/order';
import { deadLetterQueue } from '../../lib/broker/topology/topology';
import type { TemporalConnection } from '../../lib/temporal/client';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { createInboxWorld, type InboxWorld } from '../../tests/lib-support/inbox';
import { connectToTestNamespace } from '../../tests/support/namespace';
import { orderCreatedMessage } from '../../tests/support/order-created';
import { startProxy, type Proxy } from '../../tests/lib-support/proxy';
import { required } from '../../tests/lib-support/required';
import { bridgeSubscriptions } from './bridge';
import { bridgeMigrations } from './migrations';
import { sagaSettings } from './policy';

const queue = 'bridge-order-events';
const settings = z.object(sagaSettings).parse({});

let line: Proxy;
let temporal: TemporalConnection;
let broker: InboxWorld;
let bridge: TestDatabase<unknown>;

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  temporal = await connectToTestNamespace(`127.0.0.1:${line.port}`);
  broker = await createInboxWorld();
  bridge = await createTestDatabase<unknown>(bridgeMigrations);
  const { database } = bridge;
  const subscriptions = bridgeSubscriptions({ temporal, settings });
  for (const subscription of subscriptions) await broker.consume(subscription, { consumer: 'bridge', database });
});
afterAll(async () => {
  await broker.drop();
  await temporal.close();
  await line.close();
  await bridge.drop();
});

/** So many new orders, as the relay of orders publishes them. */
const newOrders = (count: number) =>
  Array.from({ length: count }, () => {
    const orderId = randomUUID();
    return { orderId, message: orderCreatedMessage(orderId) };
  });
type NewOrder = ReturnType<typeof newOrders>[number];

const publish = (orders: readonly NewOrder[]) => Promise.all(orders.map((o) => broker.publisher.publish(o.message)));

/** Has Temporal forget a saga, as it does when its retention is over. */
const forget = (orderId: string) =>
  temporal.client.workflowService.deleteWorkflowExecution({
    namespace: temporal.namespace,
    workflowExecution: { workflowId: orderWorkflowId(orderId) },
  });

const sagaOf = (orderId: string) => temporal.client.workflow.getHandle(orderWorkflowId(orderId)).describe();
const isRunning = ({ orderId }: NewOrder) =>
  eventually(async () => expect((await sagaOf(orderId)).status.name).toBe('RUNNING'));

const consumed = (outcome: string) => broker.counted('messaging_client_consumed_messages_total', { outcome });

test('every new order gets its saga, once, also when its event comes twice', async () => {
  const orders = newOrders(120);
  const { count: before } = await temporal.client.workflow.count();
  const duplicates = await consumed('duplicate');
  await publish(orders);
  await publish(orders);
  await Promise.all(orders.map(isRunning));
  await eventually(async () => expect(await consumed('duplicate')).toBeGreaterThanOrEqual(duplicates + 120));
  expect(await temporal.client.workflow.count()).toMatchObject({ count: before + 120 });
});

test('a saga that Temporal has forgotten is not started again', async () => {
  const orders = newOrders(1);
  const duplicates = await consumed('duplicate');
  await publish(orders);
  await Promise.all(orders.map(isRunning));
  for (const { orderId } of orders) await forget(orderId);
  await publish(orders);
  await eventually(async () => expect(await consumed('duplicate')).toBe(duplicates + 1));
  for (const { orderId } of orders) await eventually(() => expect(sagaOf(orderId)).rejects.toThrow('not found'));
});

test('while Temporal is away orders wait, none is given up, and all are started when it is back', async () => {
  line.cut();
  const orders = newOrders(20);
  await publish(orders);
  // Longer than an attempt takes.
  await sleep(8_000);
  line.restore();
  await Promise.all(orders.map(isRunning));
  expect(await broker.counted('messaging_retried_messages_total')).toBe(0);
  expect(await broker.ready(deadLetterQueue(queue))).toBe(0);
});
