import type { Queryable } from '../db/database';
import { inOneStatement, type Write } from '../db/writes';
import type { Cursor } from '../eventlog/events';
import type { StreamPosition } from '../inbox/store';
import { foldedUpsert, selectBehind, selectFolded } from './folded-streams-store';
import { selectBeyond, selectByStream, selectGrown, type LogRow } from './log-store';
import type { Projection, RecordedFact } from './projection';
import { ProjectionFailure, rowChanges } from './rows';
import { appliedVersions, type TableRef } from './store';

/** The progress of a table: first through the log stream by stream, then following what is appended. */
export interface Folding {
  /** The last event that was filled in. */
  filled: StreamPosition;
  /** The position in the log up to which grown streams are known. */
  cursor: Cursor;
  done: number;
  total: number;
}

/** A table that is folded from a log. */
export interface Target {
  projection: Projection;
  ref: TableRef;
  /** The database of the table. */
  db: Queryable;
  /** The database of the events: the table's own, or the producer's. */
  log: Queryable;
  /**
   * The subscription that updates the live table: the shadow table then goes exactly as far as it has come. Without
   * one, as far as the log.
   */
  subscription: string | undefined;
}

/** The writes that save the progress, in the same statement as the rows. */
export type SaveProgress = (folding: Folding) => Write[];

const batchSize = 2_000;

/**
 * Folds the next events of the log in the order of streams; undefined when there are no more.
 * @throws ProjectionFailure
 */
export async function fillNext(
  target: Target,
  before: Folding,
  saveProgress: SaveProgress,
): Promise<Folding | undefined> {
  const { projection, log } = target;
  const page = await selectByStream(log, projection.streams, before.filled, batchSize);
  const last = page.at(-1);
  if (!last) return undefined;
  const filled = { stream: last.stream, version: last.version };
  const after = { ...before, filled, done: before.done + page.length };
  await fold(target, await reached(target, page), saveProgress(after));
  return after;
}

/** Only events that the live table has as well. */
async function reached({ db, subscription }: Target, page: LogRow[]): Promise<LogRow[]> {
  if (subscription === undefined) return page;
  const applied = await appliedVersions(db, subscription, [...new Set(page.map(({ stream }) => stream))]);
  return page.filter(({ stream, version }) => version <= (applied.get(stream) ?? 0));
}

/**
 * Folds what was appended since. `settled`: only below the log's horizon, for a cursor from which to continue;
 * otherwise everything that is committed.
 */
export async function follow(
  target: Target,
  before: Folding,
  saveProgress: SaveProgress,
  { settled }: { settled: boolean },
): Promise<{ folding: Folding; more: boolean }> {
  const { subscription } = target;
  return subscription === undefined
    ? followLog(target, before, saveProgress, settled)
    : followSubscription(target, before, saveProgress, subscription);
}

async function followLog(target: Target, before: Folding, saveProgress: SaveProgress, settled: boolean) {
  const { projection, log, db, ref } = target;
  const grown = await selectGrown(log, projection.streams, before.cursor, { limit: batchSize, settled });
  const folded = await selectFolded(db, ref, grown.streams);
  const beyond = grown.streams.map((stream) => ({ stream, after: folded.get(stream) ?? 0 }));
  const events = await selectBeyond(log, beyond);
  const folding = { ...before, cursor: grown.at, done: before.done + events.length };
  await fold(target, events, saveProgress(folding));
  return { folding, more: grown.more };
}

async function followSubscription(target: Target, before: Folding, saveProgress: SaveProgress, subscription: string) {
  const behind = await selectBehind(target.db, target.ref, subscription, batchSize);
  const events = await selectBeyond(target.log, behind);
  const folding = { ...before, done: before.done + events.length };
  await fold(target, events, saveProgress(folding));
  return { folding, more: behind.length === batchSize };
}

/** Writes the rows, the versions of their streams and the progress in one statement. */
async function fold({ projection, ref, db }: Target, events: readonly LogRow[], progress: Write[]): Promise<void> {
  const rows = await rowChanges(db, projection, ref, events.map(factOf(projection)));
  const last = new Map(events.map(({ stream, version }) => [stream, version]));
  const folded = Array.from(last, ([stream, version]) => ({ stream, version }));
  const writes = [...rows, ...(folded.length > 0 ? [foldedUpsert(ref, folded)] : []), ...progress];
  if (writes.length > 0) await inOneStatement(db, writes);
}

const factOf = (projection: Projection) => {
  const contracts = new Map(projection.exchange.events.map((contract) => [contract.type, contract]));
  return (event: LogRow): RecordedFact => {
    try {
      const contract = contracts.get(event.type);
      if (!contract) throw new Error(`${projection.exchange.name} has no event of this type`);
      return { ...event, data: contract.parse(event.dataVersion, event.data, event.compatibleVersion ?? undefined) };
    } catch (error) {
      throw new ProjectionFailure(projection, event, error);
    }
  };
};
