import type { Kysely } from 'kysely';
import type { Envelope } from '../broker/envelope';
import { fail } from '../errors/errors';
import { childTraceparent, newContext, withContext } from '../telemetry/context';
import { isMarked, markEvents, parkEvents, saveStreams, takeStreams } from './store';
import type { Subscription } from './subscription';

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
export function applyEvents(db: Db, subscription: Subscription, events: readonly Envelope[]): Promise<Applied> {
  switch (subscription.kind) {
    case 'projection':
      return db.transaction().execute((trx) => project(trx, subscription, events));
    case 'reaction':
      return db.transaction().execute((trx) => react(trx, subscription, events));
    case 'external':
      return act(db, subscription, events);
  }
}

/** Each stream from the version where it is: the next one is applied, an older one dropped, a later one parked. */
async function project(trx: Db, subscription: Subscription, events: readonly Envelope[]): Promise<Applied> {
  const { name } = subscription;
  const taken = await takeStreams(trx, name, [...new Set(events.map(({ stream }) => stream))]);
  const reached = new Map(taken.map(({ stream, version }) => [stream, version]));
  const outcomes = new Map<Envelope, Outcome>();
  // By version, so that events which overtook each other on the way need not be parked.
  for (const event of [...events].sort((a, b) => a.version - b.version)) {
    const next = (reached.get(event.stream) ?? 0) + 1;
    outcomes.set(event, event.version === next ? 'applied' : event.version < next ? 'duplicate' : 'parked');
    if (event.version !== next) continue;
    await handle(trx, subscription, event);
    reached.set(event.stream, next);
  }
  const early = events.filter((event) => outcomes.get(event) === 'parked');
  if (early.length > 0) await park(trx, name, early);
  const due = await saveStreams(
    trx,
    name,
    Array.from(reached, ([stream, version]) => ({ stream, version })),
  );
  return { outcomes: events.map((event) => outcomes.get(event) ?? 'duplicate'), due };
}

async function park(trx: Db, name: string, events: readonly Envelope[]): Promise<void> {
  const waiting = await parkEvents(trx, name, events, 'early');
  const refused = events.find(({ id }) => !waiting.has(id));
  if (!refused) return;
  throw fail('invalid-message', `Another event claims to be version ${refused.version} of ${refused.stream}`);
}

async function react(trx: Db, subscription: Subscription, events: readonly Envelope[]): Promise<Applied> {
  const ids = events.map(({ id }) => id);
  const fresh = await markEvents(trx, subscription.name, ids);
  const outcomes: Outcome[] = [];
  for (const event of events) {
    // Deleting takes care of an event that is in the batch twice.
    const isFresh = fresh.delete(event.id);
    if (isFresh) await handle(trx, subscription, event);
    outcomes.push(isFresh ? 'applied' : 'duplicate');
  }
  return { outcomes, due: [] };
}

async function act(db: Db, subscription: Subscription, events: readonly Envelope[]): Promise<Applied> {
  const outcomes: Outcome[] = [];
  for (const event of events) {
    const wasDone = await isMarked(db, subscription.name, event.id);
    if (!wasDone) {
      await handle(db, subscription, event);
      await markEvents(db, subscription.name, [event.id]);
    }
    outcomes.push(wasDone ? 'duplicate' : 'applied');
  }
  return { outcomes, due: [] };
}

/** Runs the handler of an event, if it has one, on behalf of whoever caused the event. */
async function handle(db: Db, subscription: Subscription, event: Envelope): Promise<void> {
  const run = subscription.handlerOf(event.type);
  if (!run) return;
  const { id, correlationId, traceparent } = event;
  const context = newContext({ correlationId, causationId: id, traceparent: childTraceparent(traceparent ?? '') });
  await withContext(context, () => run(subscription.parse(event), db, event));
}
