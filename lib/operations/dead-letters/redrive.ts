import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from '../../broker/connection/link';
import { fromMessage, type Envelope, type OutgoingMessage } from '../../events/envelope';
import { provenanceOf } from '../../broker/provenance';
import type { Publisher } from '../../broker/publishing/publisher';
import { retry } from '../../broker/topology/topology';
import { fail } from '../../errors/errors';
import type { ErrorCode } from '../../errors/table';
import { invalidField } from '../../http/validation';
import { failureHeaders, oneAttempt, propertiesWith, withoutBrokersOwn } from '../../inbox/failure/failures';
import { holdLetters, redrivesHeader, type HeldLetter, type LetterFilter } from './dead-letters';
import type { Reader } from '../readers';
import { selectSettled } from '../store';
import { isOfUsers } from '../../inbox/processing/origin';

/**
 * What became of a letter: `waits` is parked behind a predecessor that is still missing; `untrusted` was left where it is,
 * since it may have been forged.
 */
export interface Redriven {
  id: string;
  outcome: 'applied' | 'waits' | 'failed' | 'unknown' | 'untrusted';
}

/** Applied, or will be when its predecessor is. */
export const wentWell = ({ outcome }: Pick<Redriven, 'outcome'>): boolean =>
  outcome === 'applied' || outcome === 'waits';

/** What a redrive came to: it stops after the first letter, or the first chunk, that did not make it. */
export interface Redrive {
  matched: number;
  letters: Redriven[];
  stopped: boolean;
}

export interface RedriveOptions {
  link: Link;
  publisher: Publisher;
  /** How long a chunk may take to be applied. */
  patienceMs?: number;
}

export interface RedriveTerms {
  /** Replaces the body of the letters, for what could never be handled as it is. */
  body?: string | undefined;
  /** Takes the operator's word for letters whose origin the broker cannot prove. */
  anyOrigin?: boolean | undefined;
}

/** After the canary so many go together. */
const chunkSize = 50;
const lookEveryMs = 100;

/**
 * Brings dead letters back to their queue: first one, the canary, and when that was applied the rest, chunk by chunk.
 * Each has one attempt; a letter that fails again is dead again at once, with its story, and nothing more is sent.
 * A letter that may have been forged stays where it is: it would be accepted on its operator's word.
 * @throws `invalid-request`, before anything is sent, when the new body does not match the schema of an event.
 */
export function redrive(
  { link, publisher, patienceMs = 30_000 }: RedriveOptions,
  reader: Reader,
  filter: LetterFilter,
  { body, anyOrigin = false }: RedriveTerms = {},
): Promise<Redrive> {
  return holdLetters(link, reader.queue, filter, async (held) => {
    const untrusted = anyOrigin ? [] : held.filter((one) => !mayBeRedriven(one, reader));
    const letters: Redriven[] = untrusted.map(({ letter: { id } }) => ({ id, outcome: 'untrusted' }));
    let rest = held.filter((one) => !untrusted.includes(one));
    if (body !== undefined) for (const one of rest) refuseUnfit(one, reader, body);
    for (let size = 1; rest.length > 0; size = chunkSize) {
      const chunk = rest.slice(0, size);
      rest = rest.slice(size);
      for (const one of chunk) {
        await publisher.publish(again(one, reader.queue, body));
        one.take();
      }
      const outcomes = await outcomesOf(chunk);
      letters.push(...outcomes);
      if (!outcomes.every(wentWell)) break;
    }
    return { matched: held.length, letters, stopped: !letters.every(wentWell) };
  });

  async function outcomesOf(chunk: readonly HeldLetter[]): Promise<Redriven[]> {
    const ids = chunk.map(({ letter }) => letter.id);
    const known = new Map<string, Redriven['outcome']>();
    const deadline = performance.now() + patienceMs;
    while (known.size < ids.length && performance.now() < deadline) {
      await sleep(lookEveryMs);
      for (const { id, isParked } of await selectSettled(reader.db, reader.subscription.name, chunk)) {
        known.set(id, isParked ? 'waits' : 'applied');
      }
      // All others are in our hands: what can be seen in the queue has come back.
      const back = await holdLetters(link, reader.queue, { ids }, (found) => Promise.resolve(found));
      for (const { letter } of back) known.set(letter.id, 'failed');
    }
    return ids.map((id) => ({ id, outcome: known.get(id) ?? 'unknown' }));
  }
}

/** As its producer would have to write it, without fields that readers would only leave out. */
function refuseUnfit({ message: { properties } }: HeldLetter, { subscription }: Reader, body: string): void {
  const { type, dataVersion, data } = eventOf({ content: Buffer.from(body), properties }) ?? {};
  const contract = subscription.exchange.events.find((known) => known.type === type);
  const { error } = contract?.schemas[Number(dataVersion) - 1]?.safeParse(data) ?? {};
  if (error) throw invalidField('data', error);
}

/** Undefined for a letter whose headers cannot be read either: the canary finds that out. */
function eventOf(message: Parameters<typeof fromMessage>[0]): Envelope | undefined {
  try {
    return fromMessage(message);
  } catch {
    return undefined;
  }
}

/** Written by its consumer, or by the broker, which keeps the publisher of the message; and not refused as a forgery. */
const mayBeRedriven = ({ message, letter }: HeldLetter, { users }: Reader): boolean =>
  isOfUsers(provenanceOf(message), users) && letter.reason !== ('untrusted-origin' satisfies ErrorCode);

/** The letter as a message to its queue, its story but for the count of attempts kept. */
function again({ message, letter }: HeldLetter, queue: string, body: string | undefined): OutgoingMessage {
  const ended: readonly string[] = [failureHeaders.attempts, failureHeaders.reason, failureHeaders.stack];
  const story = Object.entries(withoutBrokersOwn(message.properties.headers)).filter(([name]) => !ended.includes(name));
  return {
    exchange: retry,
    routingKey: queue,
    content: body === undefined ? message.content : Buffer.from(body),
    properties: propertiesWith(message, {
      ...Object.fromEntries(story),
      [oneAttempt]: 1,
      [redrivesHeader]: letter.redrives + 1,
    }),
  };
}

/** Whether the handlers would take the letters now: each runs in a transaction that is rolled back. */
export function rehearse(
  { link }: Pick<RedriveOptions, 'link'>,
  { queue, subscription, db }: Reader,
  filter: LetterFilter,
  body?: string,
): Promise<{ id: string; works: boolean; why?: string }[]> {
  if (subscription.kind === 'external')
    throw fail('conflict', `${queue} acts on another system; it can't be tried and taken back`);
  return holdLetters(link, queue, filter, async (held) => {
    const results = [];
    for (const { letter, message } of held) {
      const content = body === undefined ? message.content : Buffer.from(body);
      const why = await whyNot(async () => {
        const event = fromMessage({ content, properties: message.properties });
        const handle = subscription.handlerOf(event.type);
        const data = subscription.parse(event);
        await db.transaction().execute(async (trx) => {
          await handle?.(data, trx, event);
          throw new RolledBack();
        });
      });
      results.push({ id: letter.id, works: why === undefined, ...(why === undefined ? {} : { why }) });
    }
    return results;
  });
}

/** Ends a rehearsal that went well. */
class RolledBack extends Error {}

async function whyNot(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof RolledBack ? undefined : (error as Error).message;
  }
}
