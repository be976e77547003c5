import type { Kysely } from 'kysely';
import type { Queryable } from '../db/database';
import { inTransaction } from '../db/in-transaction';
import type { NewEvent } from '../events/define';
import { selectStream, type StreamPart } from '../eventlog/store';
import { fold, unborn, type Aggregate, type Envelope, type Fact } from './aggregate';

/** Where the state of an aggregate comes from, and what becomes of a command that another one overtakes. */
export interface Loading<Db, State, Event extends NewEvent> {
  /** How often a command is decided at most; after that, or at once, it is refused with `version-conflict`. */
  readonly tries: number;
  /** Runs the load and the write of one command where they belong together. */
  within<Result>(db: Db, work: (db: Db) => Promise<Result>): Promise<Result>;
  /** Those that exist, by id. */
  load(
    aggregate: Pick<Aggregate<never, State, Event>, 'streamOf' | 'upcast' | 'evolve'>,
    db: Db,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Envelope<State, Event>>>;
}

/** What a row tells of an aggregate. */
export interface StoredState<State> {
  id: string;
  state: State;
  version: number;
  /** Of the last event, where the row has it. */
  time?: Date;
}

const maxTries = 5;

/**
 * Optimistic: the stream is folded, and folded again when another command was faster. Not in a transaction, which does
 * not survive a refused append.
 */
export const folded = <State, Event extends NewEvent>(): Loading<Queryable, State, Event> => ({
  tries: maxTries,
  within: (db, work) => work(db),
  load: async (aggregate, db, ids) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await foldStream(aggregate, db, id)] as const))),
});

/**
 * Pessimistic: `lock` reads the rows and holds them until the transaction ends, so commands follow one another. It must
 * take several rows in one order, always the same. Without a transaction, each call has one of its own.
 */
export const locked = <Tables, State, Event extends NewEvent>(
  lock: (trx: Kysely<Tables>, ids: readonly string[]) => Promise<readonly StoredState<State>[]>,
): Loading<Kysely<Tables>, State, Event> => ({
  tries: 1,
  within: inTransaction,
  load: async (_, db, ids) => byId(await lock(db, ids)),
});

/** Optimistic by the row as it is: a command that another one overtakes is refused, and its caller tries again. */
export const unlocked = <Db, State, Event extends NewEvent>(
  find: (db: Db, ids: readonly string[]) => Promise<readonly StoredState<State>[]>,
): Loading<Db, State, Event> => ({
  tries: 1,
  within: (db, work) => work(db),
  load: async (_, db, ids) => byId(await find(db, ids)),
});

/** The aggregate as its stream tells it: all of it, or the part that is asked for. */
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
  return fold(aggregate, unborn, facts);
}

/** A row's state as an envelope: its events stay unread. */
export const stored = <State>({ state, version, time }: StoredState<State>): Envelope<State, never> => ({
  state,
  version,
  time,
  facts: [],
});

const byId = <State>(rows: readonly StoredState<State>[]): ReadonlyMap<string, Envelope<State, never>> =>
  new Map(rows.map((row) => [row.id, stored(row)]));
