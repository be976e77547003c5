import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { connectBroker, type Broker } from '../../lib/broker/connection/connection';
import { declare } from '../../lib/broker/topology/declare';
import { queueTopology } from '../../lib/broker/topology/topology';
import { eventually } from '../../tests/lib-support/eventually';
import { noteEvents, noteMessage, notes } from '../../tests/lib-support/inbox';
import { createTestVhost, type TestVhost } from '../../tests/lib-support/vhost';
import { checkMessages } from './messages';

let vhost: TestVhost;
let broker: Broker;

beforeAll(async () => {
  vhost = await createTestVhost();
  broker = await connectBroker({ url: vhost.url, name: 'test', logger: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await broker.close();
  await vhost.drop();
});

test('what waits under an earlier name of a queue is looked at; the new one need not be there yet', async () => {
  const { content, properties } = noteMessage({ type: 'note.forgotten' });
  await broker.consuming.withChannel(async (channel) => {
    await declare(channel, queueTopology({ queue: 'before', exchange: noteEvents.name, bindings: ['note.#'] }));
    channel.sendToQueue('before', content, properties);
  });
  const listener = { service: 'notes', queue: 'now', formerly: ['before'], subscription: notes() };
  await eventually(async () => {
    const { looked, breaks } = await checkMessages(broker.consuming, [listener], []);
    expect({ looked, breaks }).toMatchObject({
      looked: 1,
      breaks: [{ detail: expect.stringContaining('note.forgotten') }],
    });
  });
});
