import type { Kysely } from 'kysely';
import type { Envelope } from '../../events/envelope';
import { fail } from '../../errors/errors';
import { supersede } from '../erasure/erased-streams-store';
import { passFailed, selectStanding } from '../failure/failed-streams-store';
import { markEvents, parkEvents, saveStreams, takeStreams, type ParkReason } from '../store';
import { handleEvent, handleEvents, type Handling } from './handle';
import { isErasing, type Subscription } from '../subscription/subscription';

/** What became of an event: it took effect, had done so before, or waits for its predecessor. */
export type Outcome = 'applied' | 'duplicate' | 'parked';

/** What became of the events of a batch, in their order; and parked events whose turn it is now. */
export interface Applied {
  outcomes: Outcome[];
  due: Envelope[];
}

type Db = Kysely<unknown>;

/**
 * Applies events and marks them, all in one transaction or nothing at all.
 * An external reaction acts on each event first and marks it afterwards, outside of any transaction.
 */
export function applyEvents(db: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  switch (handling.subscription.kind) {
    case 'ordered':
      return db.transaction().execute((trx) => project(trx, handling, events));
    case 'unordered':
      return db.transaction().execute((trx) => react(trx, handling, events));
    case 'external':
      return act(db, handling, events);
  }
}

/**
 * Each stream from the version where it is: the next one is applied, an older one dropped, a later one parked. What
 * erases is applied whatever is missing before it.
 */
async function project(trx: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  const { subscription } = handling;
  const { name } = subscription;
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const taken = await takeStreams(trx, name, streams, handling.handlerTimeoutMs);
  const reached = new Map(taken.map(({ stream, version }) => [stream, version]));
  const outcomes = new Map<Envelope, Outcome>();
  const now: Envelope[] = [];
  // By version, so that events which overtook each other on the way need not be parked.
  for (const event of [...events].sort((a, b) => a.version - b.version)) {
    const next = (reached.get(event.stream) ?? 0) + 1;
    const isDue = event.version === next || (event.version > next && isErasing(subscription, event));
    outcomes.set(event, isDue ? 'applied' : event.version < next ? 'duplicate' : 'parked');
    if (!isDue) continue;
    now.push(event);
    reached.set(event.stream, event.version);
  }
  await handleEvents(trx, handling, now);
  await supersede(trx, name, erasingOf(subscription, now));
  const isAhead = ({ stream, version }: Envelope): boolean => version > (reached.get(stream) ?? 0);
  const early = events.filter((event) => outcomes.get(event) === 'parked' && isAhead(event));
  if (early.length > 0) await park(trx, name, early, 'early');
  const due = await saveStreams(
    trx,
    name,
    Array.from(reached, ([stream, version]) => ({ stream, version })),
  );
  return { outcomes: events.map((event) => outcomes.get(event) ?? 'duplicate'), due };
}

const erasingOf = (subscription: Subscription, events: readonly Envelope[]): Envelope[] =>
  events.filter((event) => isErasing(subscription, event));

async function park(trx: Db, name: string, events: readonly Envelope[], reason: ParkReason): Promise<void> {
  const waiting = await parkEvents(trx, name, events, reason);
  const refused = events.find(({ id }) => !waiting.has(id));
  if (!refused) return;
  throw fail('invalid-message', `Another event claims to be version ${refused.version} of ${refused.stream}`);
}

/**
 * Each event once by its id; behind one that failed the later ones of its stream wait. What erases waits for nothing,
 * and what comes before it in its stream is dropped.
 */
async function react(trx: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  const { subscription, handlerTimeoutMs } = handling;
  const { name } = subscription;
  await supersede(trx, name, erasingOf(subscription, events));
  const standings = await standingsOf(trx, subscription, events);
  const waiting = events.filter(({ id }) => standings.get(id) === 'waits');
  if (waiting.length > 0) await park(trx, name, waiting, 'behind-a-failure');
  const now = events.filter(({ id }) => standings.get(id) === 'due');
  const ids = now.map(({ id }) => id);
  const fresh = await markEvents(trx, name, ids, handlerTimeoutMs);
  const outcomes = new Map<Envelope, Outcome>(waiting.map((event) => [event, 'parked']));
  for (const event of now) {
    // Deleting takes care of an event that is in the batch twice.
    const isFresh = fresh.delete(event.id);
    if (isFresh) await handleEvent(trx, handling, event);
    outcomes.set(event, isFresh ? 'applied' : 'duplicate');
  }
  const due = await passFailed(trx, name, now);
  return { outcomes: events.map((event) => outcomes.get(event) ?? 'duplicate'), due };
}

/** By id: what can be done with an event now. One that is marked is found done when it is marked again. */
async function standingsOf(db: Db, subscription: Subscription, events: readonly Envelope[]) {
  const standings = await selectStanding(db, subscription.name, events);
  const erasing = new Set(erasingOf(subscription, events).map(({ id }) => id));
  return new Map(
    standings.map(({ id, isMarked, mustWait, isSuperseded }) => {
      const waits = mustWait && !isMarked && !erasing.has(id);
      return [id, isSuperseded ? 'superseded' : waits ? 'waits' : 'due'];
    }),
  );
}

async function act(db: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  const { subscription, handlerTimeoutMs } = handling;
  const { name } = subscription;
  const outcomes: Outcome[] = [];
  const due: Envelope[] = [];
  for (const event of events) {
    const erases = isErasing(subscription, event);
    const [standing] = await selectStanding(db, name, [event]);
    if (standing?.isMarked || standing?.isSuperseded) outcomes.push('duplicate');
    else if (standing?.mustWait && !erases) {
      await park(db, name, [event], 'behind-a-failure');
      outcomes.push('parked');
    } else {
      await handleEvent(db, handling, event);
      if (erases) await supersede(db, name, [event]);
      await markEvents(db, name, [event.id], handlerTimeoutMs);
      if (standing?.hasTrouble) due.push(...(await passFailed(db, name, [event])));
      outcomes.push('applied');
    }
  }
  return { outcomes, due };
}
