import type { GetMessage } from 'amqplib';
import { peekMessages, type PeekedMessage } from '../../broker/peek-messages';
import type { Link } from '../../broker/connection/link';
import { deadLetterQueue } from '../../broker/topology/topology';
import { namespace } from '../../config/namespace';
import { failureHeaders } from '../../inbox/failure/failure-headers';

/** A dead letter: which event, of which queue, and why. What the message does not say is absent. */
export interface DeadLetter {
  id: string;
  queue: string;
  type: string;
  reason: string;
  stream?: string;
  version?: number;
  attempts: number;
  redrives: number;
  firstFailedAt?: string;
  firstError?: string;
  lastFailedAt?: string;
  lastError?: string;
  stack?: string;
  correlationId?: string;
  body: string;
}

/** Selects dead letters; all conditions must hold. */
export interface DeadLetterFilter {
  ids?: readonly string[] | undefined;
  reason?: string | undefined;
  type?: string | undefined;
  /** Dead-lettered before this time; unknown for those that the broker itself dead-lettered, so they never match. */
  before?: Date | undefined;
}

/** A dead letter that this process holds, until it is taken or the work ends and it returns to its queue. */
export interface HeldDeadLetter extends PeekedMessage {
  deadLetter: DeadLetter;
}

/** Messages looked at in one call. */
const maxPeeked = 10_000;

/**
 * Holds the matching dead letters of a queue while `work` runs; those that are not taken return to their places.
 * @throws `unavailable` while the broker is unreachable.
 */
export const holdDeadLetters = <T>(
  link: Link,
  queue: string,
  filter: DeadLetterFilter,
  work: (held: HeldDeadLetter[]) => Promise<T>,
): Promise<T> =>
  peekMessages(link, deadLetterQueue(queue), maxPeeked, (peeked) =>
    work(
      peeked
        .map((one) => ({ deadLetter: readDeadLetter(one.message, queue), ...one }))
        .filter(({ deadLetter }) => matches(deadLetter, filter)),
    ),
  );

/** The matching dead letters of a queue; they stay in it. @throws `unavailable` while the broker is unreachable. */
export const findDeadLetters = (link: Link, queue: string, filter: DeadLetterFilter): Promise<DeadLetter[]> =>
  holdDeadLetters(link, queue, filter, (held) => Promise.resolve(held.map(({ deadLetter }) => deadLetter)));

function matches(deadLetter: DeadLetter, { ids, reason, type, before }: DeadLetterFilter): boolean {
  return (
    (!ids || ids.includes(deadLetter.id)) &&
    (reason === undefined || deadLetter.reason === reason) &&
    (type === undefined || deadLetter.type === type) &&
    (!before || (deadLetter.lastFailedAt !== undefined && new Date(deadLetter.lastFailedAt) < before))
  );
}

/** The header that counts how often a message was redriven. */
export const redrivesHeader = `${namespace}-redrives`;

function readDeadLetter({ properties, fields, content }: GetMessage, queue: string): DeadLetter {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const h = failureHeaders;
  const texts = {
    stream: text(headers['cloudEvents:partitionkey']),
    firstFailedAt: text(headers[h.firstFailedAt]),
    firstError: text(headers[h.firstError]),
    lastFailedAt: text(headers[h.lastFailedAt]),
    lastError: text(headers[h.lastError]),
    stack: text(headers[h.stack]),
    correlationId: text(properties.correlationId),
  };
  const version = Number(headers['cloudEvents:sequence']);
  return {
    id: text(properties.messageId) ?? '(none)',
    queue,
    type: text(headers['cloudEvents:type']) ?? text(properties.type) ?? fields.routingKey,
    // The broker dead-letters a poison message by itself, and names the reason in a header of its own.
    reason: text(headers[h.reason]) ?? text(headers['x-first-death-reason']) ?? 'unknown',
    attempts: count(headers[h.attempts]),
    redrives: count(headers[redrivesHeader]),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
    ...(Number.isSafeInteger(version) ? { version } : {}),
    body: content.toString(),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const count = (value: unknown): number => (Number.isSafeInteger(value) ? Number(value) : 0);
