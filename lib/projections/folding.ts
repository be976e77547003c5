import type { Queryable } from '../db/database';
import { inOneStatement, type Write } from '../db/writes';
import type { Cursor } from '../eventlog/events';
import { foldedUpsert, selectBehind, selectFolded } from './shadow-table-store';
import { selectBeyond, selectByStream, selectGrown, type LogRow, type StreamPlace } from './log-store';
import type { Projection, RecordedFact } from './projection';
import { ProjectionFailure, rowChanges } from './rows';
import { appliedVersions, type Place } from './store';

/** How far a table is: through the log stream by stream, then along with what is appended. */
export interface Folding {
  /** The last event of the fill. */
  filled: StreamPlace;
  /** The place in the log up to which grown streams are known. */
  cursor: Cursor;
  done: number;
  total: number;
}

/** A table that is folded from a log. */
export interface Target {
  projection: Projection;
  place: Place;
  /** The database of the table. */
  db: Queryable;
  /** Where the events are: the table's own database, or the producer's. */
  log: Queryable;
  /**
   * Fed by this subscription, live: the table aside goes exactly as far as it has come. Without it, as far as the log.
   */
  subscription: string | undefined;
}

/** Writes what must be kept of the progress, together with the rows. */
export type Keep = (folding: Folding) => Write[];

const batchSize = 2_000;

/** The next events of the log in the order of streams; undefined when there are no more. @throws ProjectionFailure */
export async function fillOn(target: Target, before: Folding, keep: Keep): Promise<Folding | undefined> {
  const { projection, log } = target;
  const page = await selectByStream(log, projection.streams, before.filled, batchSize);
  const last = page.at(-1);
  if (!last) return undefined;
  const filled = { stream: last.stream, version: last.version };
  const after = { ...before, filled, done: before.done + page.length };
  await fold(target, await reached(target, page), keep(after));
  return after;
}

/** Only what the live table has as well. */
async function reached({ db, subscription }: Target, page: LogRow[]): Promise<LogRow[]> {
  if (subscription === undefined) return page;
  const applied = await appliedVersions(db, subscription, [...new Set(page.map(({ stream }) => stream))]);
  return page.filter(({ stream, version }) => version <= (applied.get(stream) ?? 0));
}

/**
 * Takes in what has come since. `settled`: only below the log's horizon, for a place from which one can go on;
 * otherwise all that is committed.
 */
export async function follow(
  target: Target,
  before: Folding,
  keep: Keep,
  { settled }: { settled: boolean },
): Promise<{ folding: Folding; more: boolean }> {
  const { subscription } = target;
  return subscription === undefined
    ? followLog(target, before, keep, settled)
    : followSubscription(target, before, keep, subscription);
}

async function followLog(target: Target, before: Folding, keep: Keep, settled: boolean) {
  const { projection, log, db, place } = target;
  const grown = await selectGrown(log, projection.streams, before.cursor, { limit: batchSize, settled });
  const folded = await selectFolded(db, place, grown.streams);
  const beyond = grown.streams.map((stream) => ({ stream, after: folded.get(stream) ?? 0 }));
  const events = await selectBeyond(log, beyond);
  const folding = { ...before, cursor: grown.at, done: before.done + events.length };
  await fold(target, events, keep(folding));
  return { folding, more: grown.more };
}

async function followSubscription(target: Target, before: Folding, keep: Keep, subscription: string) {
  const behind = await selectBehind(target.db, target.place, subscription, batchSize);
  const events = await selectBeyond(target.log, behind);
  const folding = { ...before, done: before.done + events.length };
  await fold(target, events, keep(folding));
  return { folding, more: behind.length === batchSize };
}

/** One statement for the rows, how far their streams are, and what else is to be kept. */
async function fold({ projection, place, db }: Target, events: readonly LogRow[], kept: Write[]): Promise<void> {
  const rows = await rowChanges(db, projection, place, events.map(factOf(projection)));
  const last = new Map(events.map(({ stream, version }) => [stream, version]));
  const folded = Array.from(last, ([stream, version]) => ({ stream, version }));
  const writes = [...rows, ...(folded.length > 0 ? [foldedUpsert(place, folded)] : []), ...kept];
  if (writes.length > 0) await inOneStatement(db, writes);
}

const factOf = (projection: Projection) => {
  const contracts = new Map(projection.exchange.events.map((contract) => [contract.type, contract]));
  return (event: LogRow): RecordedFact => {
    try {
      const contract = contracts.get(event.type);
      if (!contract) throw new Error(`${projection.exchange.name} has no such event`);
      return { ...event, data: contract.parse(event.dataVersion, event.data, event.compatibleVersion ?? undefined) };
    } catch (error) {
      throw new ProjectionFailure(projection, event, error);
    }
  };
};
