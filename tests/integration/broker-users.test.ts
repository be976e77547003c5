import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ConfirmChannel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { connectBroker } from '../../lib/broker/connection/connection';
import { createDeclare } from '../../lib/broker/topology/declare';
import { unheard } from '../../lib/broker/topology/topology';
import { createLogger } from '../../lib/telemetry/logger';
import { platformTopology } from '../../workers/topology/topology';
import { giveBrokerUsers, type TestBrokerUsers } from '../support/broker-users';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';
import { eventually } from '../lib-support/eventually';

const logger = createLogger({ name: 'test', level: 'silent' });
let world: World;
let platform: TestPlatform;
let users: TestBrokerUsers;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  users = await giveBrokerUsers(world);
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

const publishTo = (exchange: string) => (channel: ConfirmChannel) =>
  channel.publish(exchange, 'order.created', Buffer.from('{}'), { messageId: randomUUID() });
const readFrom = (queue: string) => (channel: ConfirmChannel) => channel.get(queue);

test('a platform whose services have users of their own confirms an order', async () => {
  const [userId, sku] = [await shop.user(), await shop.product(5)];
  const orderId = await eventually(() => shop.order({ userId, sku }));
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
}, 60_000);

test.each<[string, string, (channel: ConfirmChannel) => unknown]>([
  ['users', 'publish to the exchange of orders', publishTo('order-events')],
  ['users', 'publish straight to a queue', publishTo('')],
  ['users', 'read a queue of orders', readFrom('order-service-user-events')],
  ['users', 'send to the dead letters of a queue that is not its own', publishTo('user-events-dlx')],
  ['orders', 'publish to the exchange of users', publishTo('user-events')],
  ['orders', 'read the queue of the bridge', readFrom('bridge-order-events')],
  [
    'orders',
    'read its own dead letters, unless persons are erased there',
    readFrom('order-service-inventory-events-dead'),
  ],
  ['orders', 'declare a queue', (channel) => channel.assertQueue('mine')],
  ['orders', 'delete its own queue', (channel) => channel.deleteQueue('order-service-user-events')],
])('%s cannot %s', async (client, _, attempt) => {
  expect(await users.refusalOf(client, attempt)).toMatch(/ACCESS[-_]REFUSED/);
});

test('a process whose user may not declare takes the topology as it is', async () => {
  const broker = await connectBroker({ url: users.urlOf('orders'), name: 'test', logger });
  const declare = createDeclare(broker.publishing, logger);
  await declare(platformTopology());
  await declare(platformTopology());
  await broker.close();
});

test('orders can publish to its own exchange and to the dead letters of its queues, and count its consumers', async () => {
  expect(await users.refusalOf('orders', publishTo('order-events'))).toBe('allowed');
  expect(await users.refusalOf('orders', (channel) => channel.checkQueue('order-service-user-events'))).toBe('allowed');
  expect(await users.refusalOf('orders', publishTo('user-events-dlx'))).toBe('allowed');
  expect(await users.refusalOf('orders', readFrom('order-service-user-events-dead'))).toBe('allowed');
});

test('a broker that has lost an exchange and the trace of unroutable messages gets both back with the relay', async () => {
  const admin = await connectBroker({ url: world.env['RABBITMQ_URL'] ?? '', name: 'test', logger });
  await admin.publishing.withChannel(async (channel) => {
    await channel.deleteQueue(unheard);
    await channel.deleteExchange('shipment-events');
  });
  const [userId, sku] = [await shop.user(), await shop.product(5)];
  // Its shipment is published, for which the relay needs another channel.
  const orderId = await shop.order({ userId, sku });
  await eventually(() => admin.publishing.withChannel((channel) => channel.checkQueue(unheard)));
  expect(orderId).toEqual(expect.any(String));
  await admin.close();
}, 60_000);
