import type { Link } from '../../broker/connection/link';
import { fromMessage, type Envelope, type OutgoingMessage } from '../../events/envelope';
import { provenanceOf, isOfUsers } from '../../broker/provenance';
import type { Publisher } from '../../broker/publishing/publisher';
import { retry } from '../../broker/topology/topology';
import { sleep } from '../../async/wait';
import type { ErrorCode } from '../../errors/table';
import { invalidField } from '../../http/validation';
import { failureHeaders, singleAttemptHeader } from '../../inbox/failure/failure-headers';
import { forwardedProperties, stripBrokerHeaders } from '../../inbox/message';
import { holdDeadLetters, redrivesHeader, type DeadLetterFilter, type HeldDeadLetter } from './dead-letters';
import type { Reader } from '../readers';
import { selectProcessed } from '../store';

/**
 * The outcome for one dead letter. `waits`: it is parked behind a predecessor that is still missing. `untrusted`: it
 * may have been forged, and was left in the dead-letter queue.
 */
export interface Redriven {
  id: string;
  outcome: 'applied' | 'waits' | 'failed' | 'unknown' | 'untrusted';
}

/** Whether it was applied, or will be as soon as its predecessor is. */
export const hasSucceeded = ({ outcome }: Pick<Redriven, 'outcome'>): boolean =>
  outcome === 'applied' || outcome === 'waits';

/** The outcome of a redrive; it stops after the first chunk in which a dead letter failed. */
export interface Redrive {
  matched: number;
  letters: Redriven[];
  stopped: boolean;
}

export interface RedriveOptions {
  link: Link;
  publisher: Publisher;
  /** How long to wait for the outcome of a chunk. */
  timeoutMs?: number;
}

export interface RedriveTerms {
  /** Replaces the body of the dead letters, for those that can never be handled as they are. */
  body?: string | undefined;
  /** Also redrives dead letters whose origin the broker cannot prove: the operator vouches for them. */
  anyOrigin?: boolean | undefined;
}

/** Dead letters of one chunk, after the canary. */
const chunkSize = 50;
const pollMs = 100;

/**
 * Returns dead letters to their queue: one first, the canary, and once that was applied the rest, chunk by chunk.
 * Each has one attempt; one that fails again is dead-lettered at once, with its failure headers, and ends the redrive.
 * A dead letter that may have been forged is left where it is: redriven, it would be accepted as the operator's.
 * @throws `invalid-request`, before anything is sent, when the new body does not match the schema of an event.
 */
export function redrive(
  { link, publisher, timeoutMs = 30_000 }: RedriveOptions,
  reader: Reader,
  filter: DeadLetterFilter,
  { body, anyOrigin = false }: RedriveTerms = {},
): Promise<Redrive> {
  return holdDeadLetters(link, reader.queue, filter, async (held) => {
    const untrusted = anyOrigin ? [] : held.filter((one) => !mayBeRedriven(one, reader));
    const letters: Redriven[] = untrusted.map(({ deadLetter: { id } }) => ({ id, outcome: 'untrusted' }));
    let rest = held.filter((one) => !untrusted.includes(one));
    if (body !== undefined) for (const one of rest) assertMatchesSchema(one, reader, body);
    for (let size = 1; rest.length > 0; size = chunkSize) {
      const chunk = rest.slice(0, size);
      rest = rest.slice(size);
      for (const one of chunk) {
        await publisher.publish(toRedriven(one, reader.queue, body));
        one.take();
      }
      const outcomes = await outcomesOf(chunk);
      letters.push(...outcomes);
      if (!outcomes.every(hasSucceeded)) break;
    }
    return { matched: held.length, letters, stopped: !letters.every(hasSucceeded) };
  });

  async function outcomesOf(chunk: readonly HeldDeadLetter[]): Promise<Redriven[]> {
    const deadLetters = chunk.map(({ deadLetter }) => deadLetter);
    const ids = deadLetters.map(({ id }) => id);
    const known = new Map<string, Redriven['outcome']>();
    // An event that was delivered twice may have died twice, and its dead letters share an id.
    const distinct = new Set(ids).size;
    const deadline = performance.now() + timeoutMs;
    while (known.size < distinct && performance.now() < deadline) {
      await sleep(pollMs);
      for (const { id, isParked } of await selectProcessed(reader.db, reader.subscription.name, deadLetters)) {
        known.set(id, isParked ? 'waits' : 'applied');
      }
      // This process holds all the others, so whatever is in the dead-letter queue now has failed again.
      const back = await holdDeadLetters(link, reader.queue, { ids }, (found) => Promise.resolve(found));
      for (const { deadLetter } of back) known.set(deadLetter.id, 'failed');
    }
    return ids.map((id) => ({ id, outcome: known.get(id) ?? 'unknown' }));
  }
}

/** Against the schema that producers must meet, which does not drop unknown fields as readers do. */
function assertMatchesSchema(
  { message: { properties } }: HeldDeadLetter,
  { subscription }: Reader,
  body: string,
): void {
  const { type, dataVersion, data } = eventOf({ content: Buffer.from(body), properties }) ?? {};
  const contract = subscription.exchange.events.find((known) => known.type === type);
  const { error } = contract?.schemas[Number(dataVersion) - 1]?.safeParse(data) ?? {};
  if (error) throw invalidField('data', error);
}

/** Undefined for a dead letter whose headers cannot be read either: it fails as the canary. */
function eventOf(message: Parameters<typeof fromMessage>[0]): Envelope | undefined {
  try {
    return fromMessage(message);
  } catch {
    return undefined;
  }
}

/** Dead-lettered by its consumer, or by the broker, which keeps the publisher's user; and not refused as a forgery. */
const mayBeRedriven = ({ message, deadLetter }: HeldDeadLetter, { users }: Reader): boolean =>
  isOfUsers(provenanceOf(message), users) && deadLetter.reason !== ('untrusted-origin' satisfies ErrorCode);

/** The dead letter as a message to its queue; its failure headers are kept, except those of the last attempts. */
function toRedriven({ message, deadLetter }: HeldDeadLetter, queue: string, body: string | undefined): OutgoingMessage {
  const dropped: readonly string[] = [failureHeaders.attempts, failureHeaders.reason, failureHeaders.stack];
  const headers = Object.entries(stripBrokerHeaders(message.properties.headers));
  const kept = headers.filter(([name]) => !dropped.includes(name));
  return {
    exchange: retry,
    routingKey: queue,
    content: body === undefined ? message.content : Buffer.from(body),
    properties: forwardedProperties(message, {
      ...Object.fromEntries(kept),
      [singleAttemptHeader]: 1,
      [redrivesHeader]: deadLetter.redrives + 1,
    }),
  };
}
