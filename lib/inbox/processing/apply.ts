import type { Kysely } from 'kysely';
import type { Envelope } from '../../events/envelope';
import { platformError } from '../../errors/errors';
import { markErased } from '../erasure/erased-streams-store';
import { resolveFailed, selectEventStates } from '../failure/failed-streams-store';
import { markEvents, parkEvents, saveStreams, lockStreams, type ParkReason } from '../store';
import { handleEvent, handleEvents, type Handling } from './handle';
import { isErasing, type Subscription } from '../subscription/subscription';

/** The outcome for an event: applied, applied before, or waiting for its predecessor. */
export type Outcome = 'applied' | 'duplicate' | 'parked';

/** The outcomes for the events of a batch, in their order; and parked events that are due now. */
export interface Applied {
  outcomes: Outcome[];
  due: Envelope[];
}

type Db = Kysely<unknown>;

/**
 * Applies events and marks them as processed, all in one transaction.
 * An external reaction handles each event first and marks it afterwards, outside of any transaction.
 */
export function applyEvents(db: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  switch (handling.subscription.kind) {
    case 'ordered':
      return db.transaction().execute((trx) => applyOrdered(trx, handling, events));
    case 'unordered':
      return db.transaction().execute((trx) => applyUnordered(trx, handling, events));
    case 'external':
      return applyExternal(db, handling, events);
  }
}

/**
 * In each stream the next version is applied, older ones are dropped, later ones parked. An erasure is applied even
 * when versions before it are missing.
 */
async function applyOrdered(trx: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  const { subscription } = handling;
  const { name } = subscription;
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const taken = await lockStreams(trx, name, streams, handling.handlerTimeoutMs);
  const reached = new Map(taken.map(({ stream, version }) => [stream, version]));
  const outcomes = new Map<Envelope, Outcome>();
  const now: Envelope[] = [];
  // By version, so that events that overtook each other need not be parked.
  for (const event of [...events].sort((a, b) => a.version - b.version)) {
    const next = (reached.get(event.stream) ?? 0) + 1;
    const isDue = event.version === next || (event.version > next && isErasing(subscription, event));
    outcomes.set(event, isDue ? 'applied' : event.version < next ? 'duplicate' : 'parked');
    if (!isDue) continue;
    now.push(event);
    reached.set(event.stream, event.version);
  }
  await handleEvents(trx, handling, now);
  const erasing = erasingOf(subscription, now);
  if (erasing.length > 0) await markErased(trx, name, erasing);
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
  throw platformError('invalid-message', `Another event is already version ${refused.version} of ${refused.stream}`);
}

/**
 * Each event once by its id; later events of a stream wait behind one that failed. An erasure waits for nothing, and
 * earlier events of its stream are dropped.
 */
async function applyUnordered(trx: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  const { subscription, handlerTimeoutMs } = handling;
  const { name } = subscription;
  const erasing = erasingOf(subscription, events);
  if (erasing.length > 0) await markErased(trx, name, erasing);
  const dispositions = await dispositionsOf(trx, subscription, events);
  const waiting = events.filter(({ id }) => dispositions.get(id) === 'waits');
  if (waiting.length > 0) await park(trx, name, waiting, 'behind-a-failure');
  const now = events.filter(({ id }) => dispositions.get(id) === 'due');
  const ids = now.map(({ id }) => id);
  const fresh = await markEvents(trx, name, ids, handlerTimeoutMs);
  const outcomes = new Map<Envelope, Outcome>(waiting.map((event) => [event, 'parked']));
  for (const event of now) {
    // Deleting covers an event that is in the batch twice.
    const isFresh = fresh.delete(event.id);
    if (isFresh) await handleEvent(trx, handling, event);
    outcomes.set(event, isFresh ? 'applied' : 'duplicate');
  }
  const due = await resolveFailed(trx, name, now);
  return { outcomes: events.map((event) => outcomes.get(event) ?? 'duplicate'), due };
}

/** By id: whether an event is due, waits, or is dropped. A processed one is recognised when it is marked again. */
async function dispositionsOf(db: Db, subscription: Subscription, events: readonly Envelope[]) {
  const states = await selectEventStates(db, subscription.name, events);
  const erasing = new Set(erasingOf(subscription, events).map(({ id }) => id));
  return new Map(
    states.map(({ id, isProcessed, isBehindFailure, isErased }) => {
      const waits = isBehindFailure && !isProcessed && !erasing.has(id);
      return [id, isErased ? 'erased' : waits ? 'waits' : 'due'];
    }),
  );
}

async function applyExternal(db: Db, handling: Handling, events: readonly Envelope[]): Promise<Applied> {
  const { subscription, handlerTimeoutMs } = handling;
  const { name } = subscription;
  const outcomes: Outcome[] = [];
  const due: Envelope[] = [];
  for (const event of events) {
    const erases = isErasing(subscription, event);
    const [state] = await selectEventStates(db, name, [event]);
    if (state?.isProcessed || state?.isErased) outcomes.push('duplicate');
    else if (state?.isBehindFailure && !erases) {
      await park(db, name, [event], 'behind-a-failure');
      outcomes.push('parked');
    } else {
      await handleEvent(db, handling, event);
      if (erases) await markErased(db, name, [event]);
      await markEvents(db, name, [event.id], handlerTimeoutMs);
      if (state?.hasFailures) due.push(...(await resolveFailed(db, name, [event])));
      outcomes.push('applied');
    }
  }
  return { outcomes, due };
}
