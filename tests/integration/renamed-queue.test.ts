import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect, type ChannelModel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { exchanges } from '../../contracts/events';
import { declare } from '../../lib/broker/topology/declare';
import { deadLetterQueue, queueTopology, retry } from '../../lib/broker/topology/topology';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { orderCreatedMessage } from '../support/order-created';
import { createWorld, startTestPlatform, type World } from '../support/platform';

const before = 'analytic-service-order-events';
const now = 'analytics-service-order-events';
let world: World;
let connection: ChannelModel;

/** A broker as an installation has it that ran the release before: its queue of the earlier name, with messages. */
beforeEach(async () => {
  world = await createWorld();
  connection = await connect(world.env['RABBITMQ_URL'] ?? '');
  const channel = await connection.createChannel();
  await declare(channel, queueTopology({ queue: before, exchange: exchanges.orders.name, bindings: ['order.#'] }));
  await channel.close();
});
afterEach(async () => {
  await connection.close();
  await world.drop();
});

/** Publishes an order's first event: to the exchange, or under a queue's name. */
async function publish(orderId: string, exchange = exchanges.orders.name as string, routingKey?: string) {
  const created = orderCreatedMessage(orderId);
  const channel = await connection.createConfirmChannel();
  channel.publish(exchange, routingKey ?? created.routingKey, created.content, created.properties);
  await channel.waitForConfirms();
  await channel.close();
}

async function exists(queue: string): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  return channel.checkQueue(queue).then(
    async () => {
      await channel.close();
      return true;
    },
    () => false,
  );
}

/** How often orders have taken effect: their versions, and their rows. */
async function applied(orderIds: readonly string[]): Promise<number[]> {
  const client = new Client({ connectionString: world.databases['analytics'] });
  await client.connect();
  const { rows } = await client.query<{ streams: number; rows: number }>(
    `select (select count(*)::int from inbox_streams where stream = any($1) and version = 1) as streams,
      (select count(*)::int from sales where order_id = any($2::uuid[])) as rows`,
    [orderIds.map((id) => `order-${id}`), orderIds],
  );
  await client.end();
  return rows.flatMap((row) => [row.streams, row.rows]);
}

test('what waits under an earlier name of a queue is applied once after a start, and the queue is gone', async () => {
  const [waiting, both, dead] = [randomUUID(), randomUUID(), randomUUID()];
  await publish(waiting);
  await publish(both);
  await publish(dead, `${exchanges.orders.name}-dlx`, before);
  const platform = await startTestPlatform(world, ['analytics']);
  try {
    await publish(both);
    await eventually(async () => expect(await applied([waiting, both])).toEqual([2, 2]), 30_000);
    for (const queue of [before, deadLetterQueue(before)]) expect(await exists(queue)).toBe(false);
    // What a process of the release before has put off comes back to the new queue, too.
    const delayed = randomUUID();
    await publish(delayed, retry, before);
    await eventually(async () => expect(await applied([delayed])).toEqual([1, 1]), 30_000);
    const listed = await sagaworks(platform, ['dlq', 'list', '--queue', now]);
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining(`1      ${now}`) });
    expect(await sagaworks(platform, ['dlq', 'redrive', '--queue', now])).toMatchObject({ code: 0 });
    expect(await applied([dead])).toEqual([1, 1]);
  } finally {
    await platform.stop();
  }
}, 120_000);

test('a queue that a process of the release before consumes is left, then moved by topology apply', async () => {
  const orderId = randomUUID();
  const channel = await connection.createChannel();
  await channel.prefetch(1);
  const { consumerTag } = await channel.consume(before, () => undefined);
  await publish(orderId);
  const platform = await startTestPlatform(world, ['analytics']);
  try {
    expect(await exists(before)).toBe(true);
    await channel.cancel(consumerTag);
    await channel.close();
    const plan = await sagaworks(platform, ['topology', 'plan'], world.env);
    expect(plan).toMatchObject({ code: 2, out: expect.stringContaining(`- queue ${before}: superfluous`) });
    expect(await sagaworks(platform, ['topology', 'apply'], world.env)).toMatchObject({ code: 0 });
    expect(await exists(before)).toBe(false);
    await eventually(async () => expect(await applied([orderId])).toEqual([1, 1]), 30_000);
  } finally {
    await platform.stop();
  }
}, 120_000);
