import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { orderCreated } from '../../contracts/events/order';
import { orderWorkflowId } from '../../contracts/saga/order';
import { toMessage } from '../../lib/broker/envelope';
import { deadLetterQueue } from '../../lib/broker/topology';
import type { ConsumerOptions } from '../../lib/inbox/consumer';
import { createLogger } from '../../lib/telemetry/logger';
import { connectTemporal, type TemporalConnection } from '../../lib/temporal/client';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';
import { eventually } from '../../tests/support/eventually';
import { createInboxWorld, type InboxWorld } from '../../tests/support/inbox';
import { createTestNamespace } from '../../tests/support/namespace';
import { startProxy, type Proxy } from '../../tests/support/proxy';
import { required } from '../../tests/support/required';
import { createBridge } from './bridge';
import { bridgeMigrations } from './migrations';
import type { BridgeTables } from './tables';

const queue = 'bridge-order-events';

let line: Proxy;
let temporal: TemporalConnection;
let broker: InboxWorld;
let bridge: TestDatabase<BridgeTables>;

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  line = await startProxy({ host, port: Number(port) });
  temporal = await connectTemporal({
    address: `127.0.0.1:${line.port}`,
    namespace: await createTestNamespace(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  broker = await createInboxWorld();
  bridge = await createTestDatabase<BridgeTables>(bridgeMigrations);
  const database = bridge.database as unknown as ConsumerOptions['database'];
  await broker.consume(createBridge(temporal.client), { consumer: 'bridge', database });
});
afterAll(async () => {
  await broker.drop();
  await temporal.close();
  await line.close();
  await bridge.drop();
});

/** Publishes so many new orders as the relay of orders does, each of them `times` times. */
async function placeOrders(count: number, { times = 1 } = {}): Promise<string[]> {
  const orderIds = Array.from({ length: count }, () => randomUUID());
  const events = orderIds.map((orderId) => ({
    id: randomUUID(),
    stream: `order-${orderId}`,
    version: 1,
    type: orderCreated.type,
    dataVersion: orderCreated.version,
    data: JSON.stringify({ ...orderCreated.example, orderId }),
    metadata: { correlationId: `correlation of ${orderId}` },
    time: new Date(),
  }));
  const messages = events.map((event) => toMessage(event, { exchange: 'order-events', source: '/services/orders' }));
  for (let time = 0; time < times; time += 1) await Promise.all(messages.map((m) => broker.publisher.publish(m)));
  return orderIds;
}

const sagaOf = (orderId: string) => temporal.client.workflow.getHandle(orderWorkflowId(orderId)).describe();
const isRunning = (orderId: string) =>
  eventually(async () => expect((await sagaOf(orderId)).status.name).toBe('RUNNING'));

test('every new order gets its saga, once, also when its event comes twice', async () => {
  const orderIds = await placeOrders(120, { times: 2 });
  await Promise.all(orderIds.map(isRunning));
  await eventually(async () => expect(await broker.ready(queue)).toBe(0));
  expect(await temporal.client.workflow.count()).toMatchObject({ count: 120 });
});

test('while Temporal is away orders wait, none is given up, and all are started when it is back', async () => {
  line.cut();
  const orderIds = await placeOrders(20);
  // Longer than an attempt takes.
  await sleep(8_000);
  line.mend();
  await Promise.all(orderIds.map(isRunning));
  expect(await broker.counted('messaging_retried_messages_total')).toBe(0);
  expect(await broker.ready(deadLetterQueue(queue))).toBe(0);
});
