import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { Client as Postgres } from 'pg';
import { deadLetterQueue, delayExchange } from '../../lib/broker/topology/topology';
import { listeners } from '../../workers/deploy/consumers';
import { queuesOf } from '../../workers/topology/topology';
import { sagaworks, type Ended } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let connection: ChannelModel;
let channel: Channel;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld();
  platform = await startTestPlatform(world);
  connection = await connect(world.env['RABBITMQ_URL'] ?? '');
  channel = await connection.createChannel();
}, 120_000);
afterAll(async () => {
  await connection.close();
  await platform.stop();
  await world.drop();
});

const check = (...args: string[]): Promise<Ended> => sagaworks(platform, ['deploy', 'check', ...args], world.env);

/** The dead letters of the bridge: nobody takes what lies there. */
const bridgeQueue = queuesOf('bridge')[0]?.queue ?? '';
const queue = deadLetterQueue(bridgeQueue);

async function inOrders(statement: string, value: string): Promise<void> {
  const client = new Postgres({ connectionString: world.databases['orders'] });
  await client.connect();
  await client.query(statement, [value]);
  await client.end();
}

test('a deploy is checked against the open sagas, the messages and the streams of the live system', async () => {
  const orderId = await shop.order({ userId: await shop.user(), sku: await shop.product(5) });
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
  expect(await check()).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^1 open sagas, .* compatible with all/),
  });

  const careless = await check('--workflows', 'tests/replay/mutated.ts');
  expect(careless).toMatchObject({ code: 1 });
  expect(careless.out).toMatch(new RegExp(`saga +order/${orderId} +.*Nondeterminism error`));

  const headers = {
    'cloudEvents:specversion': '1.0',
    'cloudEvents:id': randomUUID(),
    'cloudEvents:type': 'order.confirmed',
    'cloudEvents:source': '/services/orders',
    'cloudEvents:time': new Date().toISOString(),
    'cloudEvents:subject': `order-${orderId}`,
    'cloudEvents:partitionkey': `order-${orderId}`,
    'cloudEvents:sequence': '9',
    'cloudEvents:dataversion': '99',
  };
  const messageId = randomUUID();
  channel.sendToQueue(queue, Buffer.from('{}'), { messageId, headers, contentType: 'application/json' });
  const waiting = () => eventually(async () => expect((await channel.checkQueue(queue)).messageCount).toBe(1));
  await waiting();
  const unread = await check();
  expect(unread).toMatchObject({ code: 1 });
  expect(unread.out).toContain(`${messageId} in ${queue}`);
  await waiting();
  await channel.purgeQueue(queue);

  const later = delayExchange(60_000);
  channel.publish(later, bridgeQueue, Buffer.from('{}'), { messageId, headers, contentType: 'application/json' });
  await eventually(async () => expect((await channel.checkQueue(later)).messageCount).toBe(1));
  await inOrders(
    `insert into inbox_parked (subscription, stream, version, event_id, event, reason)
     values ($1, 'user-17', 2, '17', '{"type": "user.created", "dataVersion": 1, "data": {}}', 'early')`,
    listeners().find(({ service, queue: name }) => service === 'orders' && name.includes('user'))?.subscription.name ??
      '',
  );
  const waits = await check();
  expect(waits).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^1 open sagas, 1 of 1 messages, 1 of 1 parked events/),
  });
  expect(waits.out).toContain(`${messageId} in ${later}`);
  expect(waits.out).toMatch(/parked +version 2 of user-17 at orders/);
  await channel.purgeQueue(later);

  await inOrders(
    `update events set data = '{"orderId": 7}' where type = 'order.confirmed' and stream = $1`,
    `order-${orderId}`,
  );
  const unreadable = await check('--json');
  expect(unreadable).toMatchObject({ code: 1 });
  const { streams } = JSON.parse(unreadable.out) as { streams: { breaks: object[] } };
  expect(streams.breaks).toMatchObject([{ about: expect.stringContaining(`of order-${orderId}`) }]);
}, 300_000);

test.each([[], ['now'], ['check', '--sample', 'many'], ['check', '--what']])('%j is refused', async (...args) => {
  expect(await sagaworks(platform, ['deploy', ...args], world.env)).toMatchObject({ code: 64 });
});
