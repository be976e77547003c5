import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../tests/lib-support/eventually';
import { startNackingProxy, type NackingProxy } from '../../../tests/lib-support/nacking-proxy';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { createLogger } from '../../telemetry/logger';
import { createMetrics, type Metrics } from '../../telemetry/metrics';
import { connectBroker, type Broker } from '../connection/connection';
import type { OutgoingMessage } from '../../events/envelope';
import { createPublisher, type Publisher } from './publisher';

const logger = createLogger({ name: 'test', level: 'silent' });
let vhost: TestVhost;
let line: NackingProxy;
let broker: Broker;

beforeAll(async () => {
  vhost = await createTestVhost();
  const url = new URL(vhost.url);
  line = await startNackingProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(line.port);
  broker = await connectBroker({ url: url.href, name: 'test', logger });
  await broker.consuming.withChannel(async (channel) => {
    await channel.assertQueue('roomy', { arguments: { 'x-queue-type': 'quorum' } });
    await channel.assertQueue('full', { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
  });
});
afterAll(async () => {
  await broker.close();
  await line.close();
  await vhost.drop();
});

const message = (routingKey: string): OutgoingMessage => ({
  exchange: '',
  routingKey,
  content: Buffer.from('{}'),
  properties: { messageId: randomUUID(), persistent: true },
});

/** A publisher that replaces a channel after a short time. */
function createHasty(): { publisher: Publisher; metrics: Metrics } {
  const metrics = createMetrics();
  return { publisher: createPublisher(broker, { name: 'test', logger, metrics, replaceAfterMs: [50, 200] }), metrics };
}

async function replaced(metrics: Metrics): Promise<number> {
  const { values } = (await metrics.registry.getSingleMetric('messaging_channel_replacements_total')?.get()) ?? {};
  return values?.find(({ labels }) => labels['reason'] === 'nacked')?.value ?? 0;
}

test('a channel that keeps nacking although the queue has room is replaced, and publishing goes on', async () => {
  line.setBad(true);
  const { publisher, metrics } = createHasty();
  await eventually(() => expect(publisher.publish(message('roomy'))).rejects.toMatchObject({ code: 'broker-refused' }));
  line.setBad(false);
  await eventually(() => publisher.publish(message('roomy')));
  expect(await replaced(metrics)).toBeGreaterThan(0);
  await publisher.close();
});

test('beside a queue that is full nothing fails while channels are replaced', async () => {
  const { publisher, metrics } = createHasty();
  await eventually(() => publisher.publish(message('roomy')));
  const codes = new Set<unknown>();
  while ((await replaced(metrics)) < 3) {
    const refused = Array.from({ length: 5 }, () => publisher.publish(message('full')));
    const taken = Array.from({ length: 5 }, () => publisher.publish(message('roomy')));
    for (const outcome of await Promise.allSettled(refused))
      if (outcome.status === 'rejected') codes.add((outcome.reason as { code?: unknown }).code);
    await Promise.all(taken);
    await sleep(10);
  }
  expect([...codes]).toEqual(['broker-refused']);
  await publisher.close();
});
