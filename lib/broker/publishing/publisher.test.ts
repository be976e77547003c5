import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { eventually } from '../../../tests/lib-support/eventually';
import { startProxy, type Proxy } from '../../../tests/lib-support/proxy';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { connectBroker, type Broker } from '../connection/connection';
import type { OutgoingMessage } from '../../events/envelope';
import { createPublisher, type Publisher } from './publisher';

const logger = pino({ level: 'silent' });
let vhost: TestVhost;
let line: Proxy;
let broker: Broker;
let publisher: Publisher;
const queue = 'inbound';

beforeAll(async () => {
  vhost = await createTestVhost();
  const url = new URL(vhost.url);
  line = await startProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(line.port);
  broker = await connectBroker({ url: url.href, name: 'test', logger, backoffMs: 20, maxBackoffMs: 100 });
  await broker.consuming.withChannel(async (channel) => {
    await channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum' } });
    await channel.assertQueue('full', { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
  });
  publisher = createPublisher(broker, { name: 'test', logger });
  await eventually(() => publisher.publish(message()));
});
afterAll(async () => {
  await publisher.close();
  await broker.close();
  await line.close();
  await vhost.drop();
});

const message = (part: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  exchange: '',
  routingKey: queue,
  content: Buffer.from('{}'),
  properties: { messageId: randomUUID(), persistent: true },
  ...part,
});
const inQueue = () => broker.consuming.withChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
const takeAll = () =>
  broker.consuming.withChannel(async (channel) => {
    const ids: string[] = [];
    for (let got = await channel.get(queue); got; got = await channel.get(queue)) {
      channel.ack(got);
      ids.push(String(got.properties.messageId));
    }
    return ids;
  });

test('what is confirmed is in the queue, in the order of publishing', async () => {
  await takeAll();
  const messages = Array.from({ length: 500 }, () => message());
  await Promise.all(messages.map((sent) => publisher.publish(sent)));
  expect(await takeAll()).toEqual(messages.map(({ properties }) => properties.messageId));
});

test('a message that no queue takes is refused by name, its neighbours are not', async () => {
  const lost = message({ routingKey: 'nowhere' });
  const outcomes = await Promise.allSettled([message(), lost, message()].map((sent) => publisher.publish(sent)));
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'unroutable' } },
    { status: 'fulfilled' },
  ]);
});

test('a message that the broker refuses is rejected', async () => {
  const outcomes = await Promise.allSettled(
    [1, 2, 3, 4, 5].map(() => publisher.publish(message({ routingKey: 'full' }))),
  );
  expect(outcomes).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ code: 'broker-refused' }) });
});

test('a message that AMQP cannot encode is refused, and affects no other', async () => {
  const unfit = message({ properties: { messageId: randomUUID(), headers: { huge: 'x'.repeat(70_000) } } });
  const neighbours = [publisher.publish(message()), publisher.publish(message())];
  await expect(publisher.publish(unfit)).rejects.toMatchObject({ code: 'invalid-message' });
  await Promise.all([...neighbours, publisher.publish(message())]);
});

test('messages wait while the socket is full, and are not lost', async () => {
  await takeAll();
  const content = Buffer.alloc(100_000, 'x');
  await Promise.all(Array.from({ length: 200 }, () => publisher.publish(message({ content }))));
  expect(await inQueue()).toBe(200);
  await takeAll();
});

test('when the broker closes the channel all pending publishes are rejected, and the next channel works', async () => {
  const toNowhere = publisher.publish(message({ exchange: 'not-there' }));
  const after = publisher.publish(message());
  await expect(toNowhere).rejects.toMatchObject({ code: 'unavailable' });
  await expect(after).rejects.toMatchObject({ code: 'unavailable' });
  await eventually(() => publisher.publish(message()));
});

test('without a connection a publish fails at once, and nothing is sent later', async () => {
  await takeAll();
  line.cut();
  await eventually(() => expect(broker.publishing.isUp()).toBe(false));
  await expect(publisher.publish(message())).rejects.toMatchObject({ code: 'unavailable' });
  line.restore();
  const known = message();
  await eventually(() => publisher.publish(known));
  expect(await eventually(takeAll)).toEqual([known.properties.messageId]);
});

test('when a confirm is overdue all pending publishes are rejected, and the publisher opens a new channel', async () => {
  const impatient = createPublisher(broker, { name: 'impatient', logger, confirmTimeoutMs: 300 });
  await eventually(() => impatient.publish(message()));
  line.stall();
  const waiting = [message(), message()].map((sent) => impatient.publish(sent));
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes).toMatchObject([{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }]);
  await expect(impatient.publish(message())).rejects.toMatchObject({ code: 'unavailable' });
  line.cut();
  line.restore();
  await eventually(() => impatient.publish(message()));
  await impatient.close();
});
