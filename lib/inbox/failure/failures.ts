import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../../events/envelope';
import { deadLetterExchange, delayExchange } from '../../broker/topology/topology';
import { namespace } from '../../config/namespace';
import { classify } from '../../errors/classify';

/** Headers that tell a failing message's story; they stay with it on its way through delays and dead letters. */
export const failureHeaders = {
  attempts: `${namespace}-attempts`,
  queue: `${namespace}-queue`,
  exchange: `${namespace}-exchange`,
  routingKey: `${namespace}-routing-key`,
  firstFailedAt: `${namespace}-first-failed-at`,
  firstError: `${namespace}-first-error`,
  lastFailedAt: `${namespace}-last-failed-at`,
  lastError: `${namespace}-last-error`,
  reason: `${namespace}-reason`,
  stack: `${namespace}-stack`,
} as const;

/** A message with this header has one attempt: an operator waits to see what becomes of it. */
export const oneAttempt = `${namespace}-one-attempt`;

/** Where a message goes that could not be handled: round once more after a delay, or to the dead letters. */
export type Destination = { to: 'retry'; delayMs: number } | { to: 'dead-letter'; reason: string };

/** What is read of a message; anybody may have filled it in. */
export interface IncomingMessage {
  content: Buffer;
  properties: { [Name in ReadProperty]?: unknown } & { headers?: Record<string, unknown> | undefined };
  fields: { routingKey: string };
}
type ReadProperty = 'messageId' | 'type' | 'appId' | 'correlationId' | 'contentType' | 'timestamp';

interface Origin {
  queue: string;
  exchange: string;
}

/** How often handling this message has failed before. */
export const failedAttempts = ({ properties }: IncomingMessage): number => {
  const attempts = Number(properties.headers?.[failureHeaders.attempts] ?? 0);
  return Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
};

/** Decides by what the error means to messages (`classify`), and by how many delays are left. */
export function destinationOf(message: IncomingMessage, error: unknown, delaysMs: readonly number[]): Destination {
  const { code, message: fate } = classify(error);
  const hasOneAttempt = message.properties.headers?.[oneAttempt] !== undefined;
  const delayMs = hasOneAttempt ? undefined : delaysMs[failedAttempts(message)];
  if (fate === 'dead-letter') return { to: 'dead-letter', reason: code };
  return delayMs === undefined ? { to: 'dead-letter', reason: 'retries-exhausted' } : { to: 'retry', delayMs };
}

/** The message again, with one more chapter of its story. */
export function onItsWay(
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
    ...withoutBrokersOwn(message.properties.headers),
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
      ...propertiesWith(message, headers),
      ...(destination.to === 'retry' ? { expiration: jittered(destination.delayMs, random) } : {}),
    },
  };
}

/**
 * Up to a fifth sooner, so that what failed together does not come back together. Never later: a message that expires
 * behind another one in the delay's queue leaves when that one does, whose time is the queue's own at most.
 */
const jittered = (delayMs: number, random: number): string => String(Math.round(delayMs * (1 - random / 5)));

/** The properties of a message that is sent on, with other headers. */
export function propertiesWith({ properties }: IncomingMessage, headers: Record<string, unknown>) {
  const { messageId, type, appId, correlationId, contentType, timestamp } = properties;
  return {
    // A stranger's message may have no id; one is needed to match a return.
    messageId: typeof messageId === 'string' && messageId !== '' ? messageId : randomUUID(),
    persistent: true,
    headers,
    ...onlyTexts({ type, appId, correlationId, contentType }),
    ...(typeof timestamp === 'number' ? { timestamp } : {}),
  };
}

const ownHeaders = [`${namespace}-`, 'cloudEvents:'];

/** The message without headers of strangers: not every one that AMQP carries can be written again. */
export const withoutForeignHeaders = ({ content, fields, properties }: IncomingMessage): IncomingMessage => ({
  content,
  fields,
  properties: {
    ...properties,
    timestamp: undefined,
    headers: Object.fromEntries(
      Object.entries(properties.headers ?? {}).filter(
        ([name, value]) =>
          ownHeaders.some((prefix) => name.startsWith(prefix)) &&
          ((typeof value === 'string' && value.length <= 4_000) || Number.isSafeInteger(value)),
      ),
    ),
  },
});

/** `x-…` is the broker's own bookkeeping, which would go on counting; CC and BCC would route copies elsewhere. */
export const withoutBrokersOwn = (headers: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(x-.*|cc|bcc)$/i.test(name)));

/** All headers of a message must fit into one frame. */
const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)} …` : text);
const stackOf = (error: unknown): string =>
  clip(error instanceof Error && error.stack ? error.stack : String(error), 4_000);

const onlyTexts = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
