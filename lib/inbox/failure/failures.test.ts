import { expect, test } from '@jest/globals';
import type { Options } from 'amqplib';
import { eventually } from '../../../tests/lib-support/eventually';
import {
  inWorld,
  type DeadLetter,
  newStream,
  note,
  noteMessage,
  notes,
  queueName,
  writeEffect,
} from '../../../tests/lib-support/inbox';
import { platformError } from '../../errors/errors';
import { toFailedMessage } from './failed-message';
import { namespace } from '../../config/namespace';

const good = noteMessage();
const goodHeaders = good.properties.headers as Record<string, unknown>;
const contentType = 'application/json';

/** Messages that a foreign publisher might send, by what is wrong with them. */
const strangers: Record<string, { content?: Buffer; properties: Options.Publish }> = {
  'no headers at all': { properties: { contentType } },
  'no id': { properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:id': undefined } } },
  'another content type': { properties: { contentType: 'text/xml', headers: goodHeaders } },
  'no content type': { properties: { headers: goodHeaders } },
  'broken JSON': { content: Buffer.from('{"text":'), properties: { contentType, headers: goodHeaders } },
  'an empty body': { content: Buffer.alloc(0), properties: { contentType, headers: goodHeaders } },
  '5 MB of rubbish': { content: Buffer.alloc(5_000_000, 'x'), properties: { contentType, headers: goodHeaders } },
  'version 0': { properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:sequence': 0 } } },
  'version -1': { properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:sequence': -1 } } },
  'version true': { properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:sequence': true } } },
  'a version that no column holds': {
    properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:sequence': 2 ** 40 } },
  },
  'a stream too long for an index': {
    properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:partitionkey': 'x'.repeat(5_000) } },
  },
  'a zero byte in the stream': {
    properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:partitionkey': 'note-\0' } },
  },
  'data of another shape': {
    content: Buffer.from('{"text":1}'),
    properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:partitionkey': newStream() } },
  },
  'data wrong in very many places': {
    content: Buffer.from(
      JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`field${i}`, i]))),
    ),
    properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:partitionkey': newStream() } },
  },
  'a time that is none': { properties: { contentType, headers: { ...goodHeaders, 'cloudEvents:time': 'soon' } } },
  'headers too large to add a word to': { properties: { contentType, headers: { big: 'x'.repeat(65_000) } } },
  'headers that would route copies elsewhere': {
    properties: { contentType, headers: { CC: [queueName], 'x-death': [{ count: 99 }] } },
  },
};

test(
  'whatever strangers send is a dead letter at once, with the reason, and the consumer goes on',
  inWorld(async (world) => {
    await world.consume(notes());
    for (const [what, sent] of Object.entries(strangers)) {
      await world.publishRaw(sent.content ?? good.content, { ...sent.properties, messageId: what });
      const event = note();
      await world.publish(event);
      await eventually(async () => expect(await world.effects(event.stream)).toHaveLength(1));
    }
    const deadLetters: DeadLetter[] = [];
    await eventually(async () => {
      deadLetters.push(...(await world.deadLetters()));
      expect(deadLetters.map(({ id }) => id).sort()).toEqual(Object.keys(strangers).sort());
    });
    for (const { headers } of deadLetters) {
      expect(headers).toMatchObject({
        [`${namespace}-reason`]: 'invalid-message',
        [`${namespace}-attempts`]: 1,
        [`${namespace}-queue`]: queueName,
        [`${namespace}-exchange`]: 'note-events',
      });
    }
    expect(await world.counted('messaging_dead_letters_total', { reason: 'invalid-message' })).toBe(deadLetters.length);
    expect(await world.ready(queueName)).toBe(0);
  }),
);

test(
  'an event that fails every time is tried four times, then a dead letter that tells its story',
  inWorld(async (world) => {
    let attempts = 0;
    const poison = note();
    const subscription = notes('poison', async (...args) => {
      if (args[0] !== poison.stream) return writeEffect(...args);
      attempts += 1;
      throw new Error(`attempt ${attempts} failed`);
    });
    await world.consume(subscription);
    await world.publish(poison);
    const [dead] = await eventually(async () => {
      const deadLetters = await world.deadLetters();
      expect(deadLetters).toHaveLength(1);
      return deadLetters;
    });
    expect(attempts).toBe(4);
    expect(dead?.content).toBe(poison.data);
    expect(dead?.headers).toMatchObject({
      'cloudEvents:id': poison.id,
      [`${namespace}-reason`]: 'retries-exhausted',
      [`${namespace}-attempts`]: 4,
      [`${namespace}-first-error`]: 'attempt 1 failed',
      [`${namespace}-last-error`]: 'attempt 4 failed',
      [`${namespace}-stack`]: expect.stringContaining('failures.test'),
      [`${namespace}-queue`]: queueName,
      [`${namespace}-exchange`]: 'note-events',
      [`${namespace}-routing-key`]: 'note.taken',
    });
    const [first, last] = ['first', 'last'].map((which) =>
      Date.parse(String(dead?.headers[`${namespace}-${which}-failed-at`])),
    );
    // 50, 100 and 150 ms, each up to a fifth sooner.
    expect(Number(last) - Number(first)).toBeGreaterThanOrEqual(240);
    expect(Object.keys(dead?.headers ?? {}).filter((name) => name.startsWith('x-death'))).toEqual([]);

    const event = note();
    await world.publish(event);
    await eventually(async () => expect(await world.effects(event.stream)).toHaveLength(1));
  }),
);

test(
  'a refusal by the domain is a dead letter at once: it would be refused again',
  inWorld(async (world) => {
    await world.consume(notes('refusing', () => Promise.reject(platformError('conflict', 'There is one already'))));
    await world.publish({});
    const [dead] = await eventually(async () => {
      const deadLetters = await world.deadLetters();
      expect(deadLetters).toHaveLength(1);
      return deadLetters;
    });
    expect(dead?.headers).toMatchObject({ [`${namespace}-reason`]: 'conflict', [`${namespace}-attempts`]: 1 });
  }),
);

test('attempts that failed together come back apart, never later than the delay', () => {
  const message = { content: Buffer.from('{}'), properties: {}, fields: { routingKey: 'note.taken' } };
  const origin = { queue: queueName, exchange: 'note-events' };
  const sent = [0, 0.5, 1].map((random) =>
    toFailedMessage(message, origin, { to: 'retry', delayMs: 1_000 }, new Error('busy'), { now: new Date(), random }),
  );
  expect(sent.map(({ properties }) => properties.expiration)).toEqual(['1000', '900', '800']);
});
