import type { ConsumeMessage, Options } from 'amqplib';
import { platformError } from '../errors/errors';

/** A message to be published. */
export interface OutgoingMessage {
  exchange: string;
  routingKey: string;
  content: Buffer;
  properties: Options.Publish & { messageId: string };
}

/**
 * An event as received: its CloudEvents attributes under our names, its data still in the version it was written in.
 */
export interface Envelope<Data = unknown> {
  id: string;
  source: string;
  type: string;
  time: Date;
  /** The id of the aggregate. */
  subject: string;
  stream: string;
  /** Place in the stream, from 1. */
  version: number;
  dataVersion: number;
  /** The lowest data version whose readers can read it; absent when that is its own. */
  compatibleVersion?: number;
  data: Data;
  correlationId: string;
  causationId?: string;
  traceparent?: string;
}

/** What is published of a recorded event; `data` is JSON text, so that it need not be parsed. */
export interface PublishableEvent {
  id: string;
  stream: string;
  version: number;
  type: string;
  dataVersion: number;
  data: string;
  metadata: { correlationId: string; causationId?: string; traceparent?: string; compatibleVersion?: number };
  time: Date;
}

/**
 * The message that carries an event: a CloudEvent 1.0 in AMQP binary mode, its attributes in headers and its data in
 * the body. The routing key is the event's type, the message id its id.
 */
export function toMessage(event: PublishableEvent, to: { exchange: string; source: string }): OutgoingMessage {
  const { id, stream, version, type, dataVersion, metadata, time } = event;
  const { correlationId, causationId, traceparent, compatibleVersion = dataVersion } = metadata;
  return {
    exchange: to.exchange,
    routingKey: type,
    content: Buffer.from(event.data),
    properties: {
      messageId: id,
      type,
      appId: to.source,
      correlationId,
      contentType: 'application/json',
      timestamp: Math.floor(time.getTime() / 1000),
      persistent: true,
      headers: {
        'cloudEvents:specversion': '1.0',
        'cloudEvents:id': id,
        'cloudEvents:source': to.source,
        'cloudEvents:type': type,
        'cloudEvents:time': time.toISOString(),
        'cloudEvents:subject': stream.slice(stream.indexOf('-') + 1),
        'cloudEvents:partitionkey': stream,
        'cloudEvents:sequence': version,
        'cloudEvents:dataversion': dataVersion,
        'cloudEvents:compatibleversion': compatibleVersion,
        'cloudEvents:correlationid': correlationId,
        // Undefined headers are not sent.
        'cloudEvents:causationid': causationId,
        'cloudEvents:traceparent': traceparent,
      },
    },
  };
}

/** The message of an event that was received. */
export function toMessageAgain(event: Envelope, exchange: string): OutgoingMessage {
  const { source, data, correlationId, causationId, traceparent, compatibleVersion } = event;
  const metadata = {
    correlationId,
    ...(causationId ? { causationId } : {}),
    ...(traceparent ? { traceparent } : {}),
    ...(compatibleVersion ? { compatibleVersion } : {}),
  };
  return toMessage({ ...event, data: JSON.stringify(data), metadata }, { exchange, source });
}

/**
 * Reads a message from any publisher.
 * @throws `invalid-message`, which names what is wrong; retrying does not help.
 */
export function fromMessage({ content, properties }: Pick<ConsumeMessage, 'content' | 'properties'>): Envelope {
  const headers: Record<string, unknown> = { ...properties.headers };
  const text = (name: string): string => readText(name, headers[`cloudEvents:${name}`]);
  const optional = (name: string): string | undefined => (headers[`cloudEvents:${name}`] ? text(name) : undefined);
  const count = (name: string): number => readCount(name, headers[`cloudEvents:${name}`]);

  if (text('specversion') !== '1.0') throw platformError('invalid-message', 'Only CloudEvents 1.0 is supported');
  if (!json.test(String(properties.contentType)))
    throw platformError('invalid-message', 'The content type must be JSON');
  const id = text('id');
  const dataVersion = count('dataversion');
  const compatibleVersion =
    headers['cloudEvents:compatibleversion'] === undefined ? dataVersion : count('compatibleversion');
  const [causationId, traceparent] = [optional('causationid'), optional('traceparent')];
  return {
    id,
    source: text('source'),
    type: text('type'),
    time: readTime(text('time')),
    subject: text('subject'),
    stream: text('partitionkey'),
    version: count('sequence'),
    dataVersion,
    ...(compatibleVersion < dataVersion ? { compatibleVersion } : {}),
    data: parseJson(content),
    correlationId: optional('correlationid') ?? id,
    ...(causationId ? { causationId } : {}),
    ...(traceparent ? { traceparent } : {}),
  };
}

const json = /^application\/json *(;|$)/i;
/** What the database can store and index. Text must not contain a zero byte either. */
const limits = { text: 255, count: 2 ** 31 - 1 };

function readText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= limits.text && !value.includes('\0')) return value;
  throw platformError(
    'invalid-message',
    `The header cloudEvents:${name} must be a string of 1 to ${limits.text} characters`,
  );
}

function readCount(name: string, value: unknown): number {
  const count = typeof value === 'string' ? Number(value) : value;
  if (Number.isInteger(count) && Number(count) >= 1 && Number(count) <= limits.count) return Number(count);
  throw platformError('invalid-message', `The header cloudEvents:${name} must be an integer from 1 to ${limits.count}`);
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw platformError('invalid-message', 'The header cloudEvents:time must be an ISO 8601 time');
  return time;
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    throw platformError('invalid-message', 'The body is not JSON');
  }
}
