import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connect, type ChannelModel } from 'amqplib';
import pino from 'pino';
import { eventually } from '../../../tests/lib-support/eventually';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { createMetrics } from '../../telemetry/metrics';
import { watchConsumerCount } from './consumer-count-monitor';
import { connectBroker, type Broker } from './connection';

const queue = 'reader-note-events';
let vhost: TestVhost;
let broker: Broker;
let consuming: ChannelModel;
let metrics = createMetrics();
let errors: string[] = [];
const logger = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });

beforeAll(async () => {
  vhost = await createTestVhost();
  broker = await connectBroker({ url: vhost.url, name: 'test', logger });
  consuming = await connect(vhost.url);
});
beforeEach(() => {
  metrics = createMetrics();
  errors = [];
});
afterAll(async () => {
  await consuming.close();
  await broker.close();
  await vhost.drop();
});

const watch = () => watchConsumerCount({ link: broker.consuming, queue, expected: 1, metrics, logger, everyMs: 20 });
const gauge = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value;

test('a consumer that vanishes shows in the metrics, and is logged once', async () => {
  const channel = await consuming.createChannel();
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.consume(queue, () => undefined);
  const stop = watch();
  await eventually(async () => expect(await gauge('messaging_queue_consumers')).toBe(1));
  expect(await gauge('messaging_queue_consumers_expected')).toBe(1);
  expect(errors).toEqual([]);

  await channel.close();
  await eventually(() => expect(errors).toHaveLength(1));
  expect(errors[0]).toContain(queue);
  expect(await gauge('messaging_queue_consumers')).toBe(0);
  stop();
});

test('a deleted queue has no consumers', async () => {
  const channel = await consuming.createChannel();
  await channel.deleteQueue(queue);
  const stop = watch();
  await eventually(async () => expect(await gauge('messaging_queue_consumers')).toBe(0));
  stop();
});
