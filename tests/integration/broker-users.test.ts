import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type ConfirmChannel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { prepareBrokerUsers } from '../../infra/local/broker-users';
import { connectBroker } from '../../lib/broker/connection';
import { createDeclarer } from '../../lib/broker/declarer';
import { createLogger } from '../../lib/telemetry/logger';
import { brokerPermissions } from '../../workers/permissions';
import { brokerClients, type BrokerClient } from '../../workers/roles';
import { platformTopology } from '../../workers/topology';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { required } from '../support/required';
import { createShop } from '../support/shop';
import { eventually } from '../support/eventually';

const logger = createLogger({ name: 'test', level: 'silent' });
const secret = (): string => randomUUID();
let world: World;
let platform: TestPlatform;
let logins: Record<BrokerClient, string>;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  const users = await prepareBrokerUsers({
    managementUrl: required('RABBITMQ_MANAGEMENT_URL'),
    amqpUrl: world.env['RABBITMQ_URL'] ?? '',
    permissions: brokerPermissions(),
    passwords: Object.fromEntries(brokerClients.map((name) => [name, secret()])) as Record<BrokerClient, string>,
    // Users belong to the broker, not to the virtual host.
    prefix: `${randomUUID()}-`,
  });
  if (!users) throw new Error('The test broker lets nobody make users');
  logins = users;
  for (const [name, login] of Object.entries(logins)) world.env[`${name.toUpperCase()}_RABBITMQ_LOGIN`] = login;
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

function urlOf(client: BrokerClient): string {
  const url = new URL(world.env['RABBITMQ_URL'] ?? '');
  [url.username = '', url.password = ''] = logins[client].split(':');
  return url.href;
}

/** Tries something as a service's own user; gives back why the broker refused it. */
async function refusalOf(client: BrokerClient, attempt: (channel: ConfirmChannel) => unknown): Promise<string> {
  const connection = await connect(urlOf(client));
  try {
    const channel = await connection.createConfirmChannel();
    const refused = new Promise<string>((resolve) => channel.on('error', (error: Error) => resolve(error.message)));
    const allowed = Promise.resolve(attempt(channel))
      .then(() => channel.waitForConfirms())
      .then(() => 'allowed');
    allowed.catch(() => undefined); // The channel's error tells why.
    return await Promise.race([refused, allowed.catch(() => refused)]);
  } finally {
    await connection.close();
  }
}

const publishTo = (exchange: string) => (channel: ConfirmChannel) =>
  channel.publish(exchange, 'order.created', Buffer.from('{}'), { messageId: randomUUID() });
const readFrom = (queue: string) => (channel: ConfirmChannel) => channel.get(queue);

test('a platform whose services have users of their own confirms an order', async () => {
  const [userId, sku] = [await shop.user(), await shop.product(5)];
  const orderId = await eventually(() => shop.order({ userId, sku }));
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
}, 60_000);

test.each<[BrokerClient, string, (channel: ConfirmChannel) => unknown]>([
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
  expect(await refusalOf(client, attempt)).toMatch(/ACCESS[-_]REFUSED/);
});

test('a process whose user may not declare takes the topology as it is', async () => {
  const broker = await connectBroker({ url: urlOf('orders'), name: 'test', logger });
  const declare = createDeclarer(broker.publishing, logger);
  await declare(platformTopology());
  await declare(platformTopology());
  await broker.close();
});

test('orders can publish to its own exchange and to the dead letters of what it hears, and count its consumers', async () => {
  expect(await refusalOf('orders', publishTo('order-events'))).toBe('allowed');
  expect(await refusalOf('orders', (channel) => channel.checkQueue('order-service-user-events'))).toBe('allowed');
  expect(await refusalOf('orders', publishTo('user-events-dlx'))).toBe('allowed');
  expect(await refusalOf('orders', readFrom('order-service-user-events-dead'))).toBe('allowed');
});
