import type { EventContract } from './define';
import { eventsOf, type Exchange } from './exchange';
import { publishedSchemas, readerSchemas, type JsonSchema } from './json-schema';

/** The headers of every message: a CloudEvent 1.0 in AMQP binary mode. */
const headers: JsonSchema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'time', 'subject', 'partitionkey', 'sequence', 'dataversion'].map(
    (name) => `cloudEvents:${name}`,
  ),
  properties: {
    'cloudEvents:specversion': { const: '1.0' },
    'cloudEvents:id': {
      type: 'string',
      format: 'uuid',
      description: 'The same each time the event is delivered: deduplicate by it',
    },
    'cloudEvents:source': { type: 'string' },
    'cloudEvents:type': { type: 'string' },
    'cloudEvents:time': { type: 'string', format: 'date-time' },
    'cloudEvents:subject': { type: 'string', description: 'The id of the aggregate' },
    'cloudEvents:partitionkey': { type: 'string', description: 'The stream; its events have a sequence' },
    'cloudEvents:sequence': {
      type: 'integer',
      minimum: 1,
      description: 'The place in the stream, from 1, without gaps',
    },
    'cloudEvents:dataversion': {
      type: 'integer',
      minimum: 1,
      description: 'The version of the schema that the data has',
    },
    'cloudEvents:compatibleversion': {
      type: 'integer',
      minimum: 1,
      description: 'The lowest data version whose readers can read it, ignoring unknown fields',
    },
    'cloudEvents:correlationid': { type: 'string' },
    'cloudEvents:causationid': { type: 'string' },
    'cloudEvents:traceparent': { type: 'string', description: 'W3C trace context' },
  },
};

const channelId = ({ name }: Exchange): string => name.replaceAll('-', '_');
const messageId = ({ type }: Pick<EventContract, 'type'>): string => type.replaceAll('.', '_');
const schemaId = (one: { type: string; version: number }): string => `${messageId(one)}_v${one.version}`;

/** An AsyncAPI 3.0 document of exchanges: a channel for each exchange, a message for each event type. */
export function describeExchanges(
  exchanges: readonly Exchange[],
  { title, description }: { title: string; description: string },
): JsonSchema {
  const events = eventsOf(exchanges);
  return {
    asyncapi: '3.0.0',
    info: { title, version: '1', description },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(exchanges.map((exchange) => [channelId(exchange), channelOf(exchange)])),
    operations: Object.fromEntries(
      exchanges.map((exchange) => [
        `publish_${channelId(exchange)}`,
        {
          action: 'send',
          channel: { $ref: `#/channels/${channelId(exchange)}` },
          summary: `Events published by the ${exchange.producer} service`,
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(events.map((event) => [messageId(event), messageOf(event)])),
      schemas: Object.fromEntries([
        ...publishedSchemas(events).map((one) => [schemaId(one), one.schema] as const),
        ...readerSchemas(events).map((one) => [`${schemaId(one)}_reader`, one.schema] as const),
      ]),
    },
  };
}

const channelOf = (exchange: Exchange): JsonSchema => ({
  address: exchange.name,
  description: `A topic exchange; the routing key is the event's type, such as ${exchange.events[0]?.type ?? ''}`,
  messages: Object.fromEntries(
    exchange.events.map((event) => [messageId(event), { $ref: `#/components/messages/${messageId(event)}` }]),
  ),
  bindings: {
    amqp: {
      is: 'routingKey',
      exchange: { name: exchange.name, type: 'topic', durable: true, autoDelete: false },
      bindingVersion: '0.3.0',
    },
  },
});

function messageOf(event: EventContract): JsonSchema {
  const versions = event.schemas.map((_, index) => ({
    $ref: `#/components/schemas/${schemaId({ type: event.type, version: index + 1 })}_reader`,
  }));
  const [only] = versions;
  return {
    name: event.type,
    contentType: 'application/json',
    headers,
    // What a reader accepts; newer data may match older schemas too. Schemas without "_reader" describe what is written.
    payload: versions.length === 1 && only ? only : { anyOf: versions },
    examples: [{ name: `version ${event.version}`, payload: event.example }],
  };
}
