import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { connect } from 'amqplib';
import { required } from '../../tests/lib-support/required';
import { fromMessage, toMessage, toMessageAgain, type OutgoingMessage, type PublishableEvent } from './envelope';

const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' });
const maybe = (name: string) =>
  fc.option(
    text.map((value) => ({ [name]: value })),
    { nil: {} },
  );

const anyEvent: fc.Arbitrary<PublishableEvent> = fc.record({
  id: fc.uuid(),
  stream: fc.tuple(fc.constantFrom('note', 'page'), text).map(([type, id]) => `${type}-${id}`),
  version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  type: fc.constantFrom('note.taken', 'page.turned'),
  dataVersion: fc.integer({ min: 1, max: 100 }),
  data: fc.json(),
  metadata: fc
    .tuple(text, maybe('causationId'), maybe('traceparent'))
    .map(([correlationId, ...others]) => Object.assign({ correlationId }, ...others) as PublishableEvent['metadata']),
  time: fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }),
});

const to = { exchange: 'note-events', source: '/services/notes' };
const asReceived = ({ content, properties }: OutgoingMessage) =>
  ({ content, properties }) as unknown as Parameters<typeof fromMessage>[0];

test('an event is read as it was written', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const { metadata, data, ...facts } = event;
      expect(fromMessage(asReceived(toMessage(event, to)))).toEqual({
        ...facts,
        ...metadata,
        subject: event.stream.slice('note-'.length),
        source: to.source,
        data: JSON.parse(data) as unknown,
      });
    }),
  );
});

test('an event says which older readers can read it; one that says nothing is for readers of its own version', () => {
  const [event] = fc.sample(anyEvent, { numRuns: 1, seed: 7 });
  if (!event) throw new Error('There is no event');
  const messageOf = (compatibleVersion?: number) =>
    toMessage(
      { ...event, dataVersion: 3, metadata: { correlationId: 'c', ...(compatibleVersion && { compatibleVersion }) } },
      to,
    );
  const header = (message: OutgoingMessage) =>
    (message.properties.headers as Record<string, unknown>)['cloudEvents:compatibleversion'];
  expect([header(messageOf(1)), header(messageOf())]).toEqual([1, 3]);
  const received = fromMessage(asReceived(messageOf(1)));
  expect(received.compatibleVersion).toBe(1);
  expect(header(toMessageAgain(received, to.exchange))).toBe(1);
  expect(fromMessage(asReceived(messageOf())).compatibleVersion).toBeUndefined();
});

test('an event is the same after a real broker', async () => {
  const connection = await connect(required('RABBITMQ_URL'));
  try {
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const event of fc.sample(anyEvent, { numRuns: 50, seed: 11 })) {
      const message = toMessage(event, to);
      channel.sendToQueue(queue, message.content, message.properties);
      await channel.waitForConfirms();
      const got = await channel.get(queue, { noAck: true });
      if (!got) throw new Error('The message did not arrive');
      expect(fromMessage(got)).toEqual(fromMessage(asReceived(message)));
    }
  } finally {
    await connection.close();
  }
});

test('whatever the headers are, reading gives an event or says what is wrong', () => {
  const { properties } = toMessage(fc.sample(anyEvent, { numRuns: 1, seed: 1 })[0] as PublishableEvent, to);
  const written = properties.headers as Record<string, unknown>;
  const names = Object.keys(written);
  const tampered = fc.tuple(fc.constantFrom(...names), fc.anything(), fc.uint8Array());
  fc.assert(
    fc.property(tampered, ([name, value, body]) => {
      const headers = { ...written, [name]: value };
      const message = { content: Buffer.from(body), properties: { ...properties, headers } };
      try {
        fromMessage(message as unknown as Parameters<typeof fromMessage>[0]);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-message' });
      }
    }),
  );
});

test('it is a CloudEvent in AMQP binary mode', () => {
  const event: PublishableEvent = {
    id: '0192f3a0-0000-7000-8000-00000000000a',
    stream: 'page-P-1',
    version: 3,
    type: 'page.turned',
    dataVersion: 2,
    data: '{"delta":1}',
    metadata: { correlationId: 'c-1', causationId: 'e-0', traceparent: '00-a-b-01' },
    time: new Date('2026-01-02T03:04:05.678Z'),
  };
  expect(toMessage(event, { exchange: 'inventory-events', source: '/services/inventory' })).toEqual({
    exchange: 'inventory-events',
    routingKey: 'page.turned',
    content: Buffer.from('{"delta":1}'),
    properties: {
      messageId: event.id,
      type: 'page.turned',
      appId: '/services/inventory',
      correlationId: 'c-1',
      contentType: 'application/json',
      timestamp: 1767323045,
      persistent: true,
      headers: {
        'cloudEvents:specversion': '1.0',
        'cloudEvents:id': event.id,
        'cloudEvents:source': '/services/inventory',
        'cloudEvents:type': 'page.turned',
        'cloudEvents:time': '2026-01-02T03:04:05.678Z',
        'cloudEvents:subject': 'P-1',
        'cloudEvents:partitionkey': 'page-P-1',
        'cloudEvents:sequence': 3,
        'cloudEvents:dataversion': 2,
        'cloudEvents:compatibleversion': 2,
        'cloudEvents:correlationid': 'c-1',
        'cloudEvents:causationid': 'e-0',
        'cloudEvents:traceparent': '00-a-b-01',
      },
    },
  });
});
