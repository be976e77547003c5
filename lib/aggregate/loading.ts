import type { Kysely } from 'kysely';
import type { Queryable } from '../db/database';
import { inTransaction } from '../db/writes';
import type { NewEvent } from '../events/define';
import { selectStream, type StreamPart } from '../eventlog/store';
import { fold, newAggregate, type Aggregate, type Envelope, type Fact } from './aggregate';

/** Where the state of an aggregate comes from, and what happens to a command when another one comes first. */
export interface Loading<Db, State, Event extends NewEvent> {
  /** How often a command is decided before it is refused with `version-conflict`. */
  readonly maxAttempts: number;
  /** Runs the load and the write of one command, in one transaction where loading needs it. */
  within<Result>(db: Db, work: (db: Db) => Promise<Result>): Promise<Result>;
  /** The aggregates that exist, by id. */
  load(
    aggregate: Pick<Aggregate<never, State, Event>, 'streamOf' | 'upcast' | 'evolve'>,
    db: Db,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Envelope<State, Event>>>;
}

/** The state of an aggregate as stored in a row. */
export interface StoredState<State> {
  id: string;
  state: State;
  version: number;
  /** The time of the last event, where the row has it. */
  time?: Date;
}

const maxAttempts = 5;

/**
 * Optimistic: the stream is folded, and folded again when another command came first; but not in a transaction, which
 * does not survive a refused append.
 */
export const folded = <State, Event extends NewEvent>(): Loading<Queryable, State, Event> => ({
  maxAttempts,
  within: (db, work) => work(db),
  load: async (aggregate, db, ids) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await foldStream(aggregate, db, id)] as const))),
});

/**
 * Pessimistic: `lock` reads the rows and locks them until the transaction ends, so commands follow one another. It must
 * always lock several rows in the same sequence. Outside a transaction, each call opens its own.
 */
export const locked = <Tables, State, Event extends NewEvent>(
  lock: (trx: Kysely<Tables>, ids: readonly string[]) => Promise<readonly StoredState<State>[]>,
): Loading<Kysely<Tables>, State, Event> => ({
  maxAttempts: 1,
  within: inTransaction,
  load: async (_, db, ids) => byId(await lock(db, ids)),
});

/**
 * Optimistic, without a lock on the row: when another command comes first, this one is refused, and its caller retries.
 */
export const unlocked = <Db, State, Event extends NewEvent>(
  find: (db: Db, ids: readonly string[]) => Promise<readonly StoredState<State>[]>,
): Loading<Db, State, Event> => ({
  maxAttempts: 1,
  within: (db, work) => work(db),
  load: async (_, db, ids) => byId(await find(db, ids)),
});

/** The aggregate folded from its stream, or from a part of it. */
export async function foldStream<State, Event extends NewEvent>(
  aggregate: Pick<Aggregate<never, State, Event>, 'streamOf' | 'upcast' | 'evolve'>,
  db: Queryable,
  id: string,
  part: StreamPart = {},
): Promise<Envelope<State, Event>> {
  const recorded = await selectStream(db, aggregate.streamOf(id), part);
  const facts = recorded.map((one): Fact<Event> => ({
    ...aggregate.upcast(one),
    version: one.version,
    time: one.time,
  }));
  return fold(aggregate, newAggregate, facts);
}

/** A row's state as an envelope, without its events. */
export const stored = <State>({ state, version, time }: StoredState<State>): Envelope<State, never> => ({
  state,
  version,
  time,
  facts: [],
});

const byId = <State>(rows: readonly StoredState<State>[]): ReadonlyMap<string, Envelope<State, never>> =>
  new Map(rows.map((row) => [row.id, stored(row)]));
