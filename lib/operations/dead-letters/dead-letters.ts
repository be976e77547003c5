import type { GetMessage } from 'amqplib';
import { peekMessages, type PeekedMessage } from '../../broker/peek-messages';
import type { Link } from '../../broker/connection/link';
import { deadLetterQueue } from '../../broker/topology/topology';
import { namespace } from '../../config/namespace';
import { failureHeaders } from '../../inbox/failure/failures';

/** A dead letter: which event, where it died, and why. What the message does not say is not there. */
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

/** Which dead letters; all conditions must hold. */
export interface LetterFilter {
  ids?: readonly string[] | undefined;
  reason?: string | undefined;
  type?: string | undefined;
  /** Died before this time; of a letter that the broker itself gave up on nobody knows when. */
  before?: Date | undefined;
}

/** A dead letter that is in our hands: until it is taken, or the work is over and it goes back. */
export interface HeldLetter extends PeekedMessage {
  letter: DeadLetter;
}

/** More than that are not looked at in one go. */
const most = 10_000;

/**
 * Holds the dead letters of a queue that match while `work` runs; those that are not taken go back where they were.
 * @throws `unavailable` while the broker is away.
 */
export const holdLetters = <T>(
  link: Link,
  queue: string,
  filter: LetterFilter,
  work: (held: HeldLetter[]) => Promise<T>,
): Promise<T> =>
  peekMessages(link, deadLetterQueue(queue), most, (peeked) =>
    work(
      peeked
        .map((one) => ({ letter: readLetter(one.message, queue), ...one }))
        .filter(({ letter }) => matches(letter, filter)),
    ),
  );

function matches(letter: DeadLetter, { ids, reason, type, before }: LetterFilter): boolean {
  return (
    (!ids || ids.includes(letter.id)) &&
    (reason === undefined || letter.reason === reason) &&
    (type === undefined || letter.type === type) &&
    (!before || (letter.lastFailedAt !== undefined && new Date(letter.lastFailedAt) < before))
  );
}

/** Counts in the headers of a message that was redriven. */
export const redrivesHeader = `${namespace}-redrives`;

function readLetter({ properties, fields, content }: GetMessage, queue: string): DeadLetter {
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
    // The broker itself gives up on what has ended one consumer after the other, and says so in a header of its own.
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
