import type { OutgoingMessage } from '../../events/envelope';
import { deadLetterExchange, delayExchange } from '../../broker/topology/topology';
import { namespace } from '../../config/namespace';
import { forwardedProperties, stripBrokerHeaders, type IncomingMessage } from '../message';
import { failedAttempts, failureHeaders } from './failure-headers';
import { jittered, type Destination } from './retry-policy';

interface Origin {
  queue: string;
  exchange: string;
}

/** The failed message as it is sent to its destination: with one more attempt in its failure headers. */
export function toFailedMessage(
  message: IncomingMessage,
  origin: Origin,
  destination: Destination,
  error: unknown,
  { now, random }: { now: Date; random: number },
): OutgoingMessage {
  const at = now.toISOString();
  const text = clip(error instanceof Error ? error.message : String(error), 1_000);
  const h = failureHeaders;
  const headers = {
    [h.exchange]: origin.exchange,
    [h.routingKey]: message.fields.routingKey,
    [h.firstFailedAt]: at,
    [h.firstError]: text,
    ...stripBrokerHeaders(message.properties.headers),
    [h.queue]: origin.queue,
    [h.attempts]: failedAttempts(message) + 1,
    [h.lastFailedAt]: at,
    [h.lastError]: text,
    ...(destination.to === 'dead-letter' ? { [h.reason]: destination.reason, [h.stack]: stackOf(error) } : {}),
  };
  return {
    exchange: destination.to === 'retry' ? delayExchange(destination.delayMs) : deadLetterExchange(origin.exchange),
    routingKey: origin.queue,
    content: message.content,
    properties: {
      ...forwardedProperties(message, headers),
      ...(destination.to === 'retry' ? { expiration: String(jittered(destination.delayMs, random)) } : {}),
    },
  };
}

const platformHeaders = [`${namespace}-`, 'cloudEvents:'];

/** The message without foreign headers: not every header that AMQP carries can be written again. */
export const stripForeignHeaders = ({ content, fields, properties }: IncomingMessage): IncomingMessage => ({
  content,
  fields,
  properties: {
    ...properties,
    timestamp: undefined,
    headers: Object.fromEntries(
      Object.entries(properties.headers ?? {}).filter(
        ([name, value]) =>
          platformHeaders.some((prefix) => name.startsWith(prefix)) &&
          ((typeof value === 'string' && value.length <= 4_000) || Number.isSafeInteger(value)),
      ),
    ),
  },
});

/** All headers of a message must fit into one frame. */
const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)} …` : text);
const stackOf = (error: unknown): string =>
  clip(error instanceof Error && error.stack ? error.stack : String(error), 4_000);
