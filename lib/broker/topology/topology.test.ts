import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Channel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { eventually } from '../../../tests/lib-support/eventually';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { connectBroker, type Broker } from '../connection/connection';
import { createPublisher, type Publisher } from '../publishing/publisher';
import { declareDelays, declareExchange, declareQueue } from './declare';
import { mergeTopologies } from './spec';
import { delayExchange, delayTopology, queueTopology, unrouted } from './topology';

const logger = pino({ level: 'silent' });
const reader = { queue: 'reader-note-events', exchange: 'note-events', bindings: ['note.#'] };
let vhost: TestVhost;
let broker: Broker;
let publisher: Publisher;

const onChannel = <T>(use: (channel: Channel) => Promise<T>): Promise<T> => broker.consuming.withChannel(use);
const waiting = (queue: string): Promise<number> =>
  onChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
const publish = (exchange: string, routingKey: string): Promise<void> =>
  publisher.publish({ exchange, routingKey, content: Buffer.from('{}'), properties: { messageId: randomUUID() } });
const declareAll = (): Promise<void> =>
  onChannel(async (channel) => {
    await declareExchange(channel, reader.exchange);
    await declareDelays(channel, [100, 300]);
    await declareQueue(channel, reader);
  });

beforeAll(async () => {
  vhost = await createTestVhost();
  broker = await connectBroker({ url: vhost.url, name: 'test', logger });
  publisher = createPublisher(broker, { name: 'test', logger });
  await declareAll();
  await eventually(() => publish(reader.exchange, 'first.message'));
});
afterAll(async () => {
  await publisher.close();
  await broker.close();
  await vhost.drop();
});

test('declaring again changes nothing', async () => {
  await declareAll();
});

test('queues and exchanges of version 1 are declared as before: brokers in use refuse other arguments', () => {
  const { exchanges, queues } = mergeTopologies(queueTopology(reader), delayTopology([1_000]));
  const quorum = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' };
  expect(Object.fromEntries(queues.map(({ name, arguments: args }) => [name, args]))).toEqual({
    unrouted: { ...quorum, 'x-max-length': 1_000_000 },
    'reader-note-events-dead': quorum,
    'reader-note-events': {
      ...quorum,
      'x-dead-letter-strategy': 'at-least-once',
      'x-delivery-limit': 20,
      'x-dead-letter-exchange': 'note-events-dlx',
      'x-dead-letter-routing-key': 'reader-note-events',
    },
    'retry-after-1000ms': {
      ...quorum,
      'x-dead-letter-strategy': 'at-least-once',
      'x-message-ttl': 1_000,
      'x-dead-letter-exchange': 'retry',
    },
  });
  expect(exchanges).toEqual([
    { name: 'unrouted', type: 'fanout', arguments: {} },
    { name: 'note-events', type: 'topic', arguments: { 'alternate-exchange': 'unrouted' } },
    { name: 'note-events-dlx', type: 'direct', arguments: {} },
    { name: 'retry', type: 'direct', arguments: { 'alternate-exchange': 'unrouted' } },
    { name: 'retry-after-1000ms', type: 'fanout', arguments: {} },
  ]);
});

test('an unroutable message is kept', async () => {
  const before = await waiting(unrouted);
  await publish(reader.exchange, 'toast.burnt');
  await eventually(async () => expect(await waiting(unrouted)).toBe(before + 1));
});

test('a queue gets its types, without a time limit on them', async () => {
  await publish(reader.exchange, 'note.taken');
  expect(await waiting(reader.queue)).toBe(1);
  const declared = (await vhost.api(`queues/${vhost.name}/${reader.queue}`)) as { arguments: Record<string, unknown> };
  expect(declared.arguments).toMatchObject({ 'x-queue-type': 'quorum', 'x-dead-letter-exchange': 'note-events-dlx' });
  expect(Object.keys(declared.arguments)).not.toContain('x-message-ttl');
  await onChannel((channel) => channel.purgeQueue(reader.queue));
});

test('a message comes back from a delay to its own queue, also when others wait for queues that are gone', async () => {
  const before = await waiting(unrouted);
  await Promise.all(Array.from({ length: 100 }, () => publish(delayExchange(100), 'a-queue-that-was-deleted')));
  await publish(delayExchange(100), reader.queue);
  await publish(delayExchange(300), reader.queue);
  await eventually(async () => expect(await waiting(reader.queue)).toBe(2));
  await eventually(async () => expect(await waiting(unrouted)).toBe(before + 100));
});
