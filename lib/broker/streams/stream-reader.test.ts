import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type ChannelModel } from 'amqplib';
import { eventually } from '../../../tests/lib-support/eventually';
import { startProxy } from '../../../tests/lib-support/proxy';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { createLogger } from '../../telemetry/logger';
import { createLink } from '../connection/link';
import { declare } from '../topology/declare';
import { exchangeTopology } from '../topology/topology';
import { mergeTopologies } from '../topology/spec';
import { streamTopology } from '../topology/streams';
import { createStreamReader } from './stream-reader';

const logger = createLogger({ name: 'test', level: 'silent' });
let vhost: TestVhost;
let connection: ChannelModel;

beforeAll(async () => {
  vhost = await createTestVhost();
  connection = await connect(vhost.url);
});
afterAll(async () => {
  await connection.close();
  await vhost.drop();
});

/** A stream of its own, and how to publish to it. */
async function createStream(queue: string) {
  const channel = await connection.createConfirmChannel();
  const stream = { queue, exchange: 'notes', bindings: [`${queue}.#`], maxBytes: 10_000_000 };
  await declare(channel, mergeTopologies(exchangeTopology('notes'), streamTopology(stream)));
  return async (...texts: string[]) => {
    for (const text of texts) channel.publish('notes', `${queue}.taken`, Buffer.from(text), { messageId: text });
    await channel.waitForConfirms();
  };
}

async function startReader(queue: string, url = vhost.url) {
  const read: string[] = [];
  const link = await createLink({ url, name: 'reader', logger, backoffMs: 20 });
  const reader = createStreamReader({ link, queue, logger, onMessage: ({ content }) => read.push(content.toString()) });
  await reader.start();
  return { read, reader, stop: () => reader.stop().then(() => link.close()) };
}

test('every reader gets every message, those from before it started first, and new ones as they come', async () => {
  const publish = await createStream('a');
  const early = await startReader('a');
  expect(early.read).toEqual([]);
  await publish('1', '2');
  await eventually(() => expect(early.read).toEqual(['1', '2']));
  const late = await startReader('a');
  await publish('3');
  for (const { read, reader, stop } of [early, late]) {
    await eventually(() => expect(read).toEqual(['1', '2', '3']));
    expect(reader.deafSince()).toBeUndefined();
    await stop();
  }
});

test('it has started when everything is read that was there before', async () => {
  const publish = await createStream('b');
  const texts = Array.from({ length: 1_200 }, (_, index) => String(index));
  await publish(...texts);
  // The broker counts the messages of a stream every few seconds.
  await eventually(async () => {
    const channel = await connection.createChannel();
    expect((await channel.checkQueue('b')).messageCount).toBe(texts.length);
    await channel.close();
  });
  const { read, stop } = await startReader('b');
  expect(read).toEqual(texts);
  await stop();
});

test('while it is cut off it says since when, and afterwards it has missed nothing', async () => {
  const publish = await createStream('c');
  const url = new URL(vhost.url);
  const line = await startProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(line.port);
  const { read, reader, stop } = await startReader('c', url.href);
  await publish('1');
  await eventually(() => expect(read).toEqual(['1']));
  line.cut();
  await eventually(() => expect(reader.deafSince()).toBeInstanceOf(Date));
  await publish('2');
  line.restore();
  await eventually(() => expect(new Set(read)).toEqual(new Set(['1', '2'])));
  await eventually(() => expect(reader.deafSince()).toBeUndefined());
  await stop();
  await line.close();
});
