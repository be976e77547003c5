import type { Queryable } from '../db/database';
import { inOneStatement, isTransaction, type Write } from '../db/writes';
import { classify } from '../errors/classify';
import { appendEvents, timeAfter } from '../eventlog/store';
import type { StreamAppend } from '../eventlog/events';
import type { NewEvent } from '../events/define';
import { fold, newAggregate, type Aggregate, type Envelope, type Fact } from './aggregate';
import type { Loading } from './loading';

/** A command and the aggregate it is for. */
export interface Directed<Command, State, Event> {
  id: string;
  command: Command;
  /** The state, where it is already known (`newAggregate` for a new one). Then nothing is loaded. */
  from?: Envelope<State, Event> | undefined;
}

/** The outcome of a command. */
export interface Change<Command, State, Event> {
  readonly id: string;
  readonly command: Command;
  readonly before: Envelope<State, Event>;
  readonly after: Envelope<State, Event>;
  /** What is appended to the log: no events when the command changes nothing. */
  readonly append: StreamAppend;
}

export interface HandleOptions {
  /** The time of the events by the clock; no event gets an earlier time than the one before it. */
  now?: Date;
  /** Other writes of the same statement, such as an effect's key; they also run when the command changes nothing. */
  writes?: readonly Write[];
}

/** Loads, decides and writes commands; each service creates one handler for each of its aggregates. */
export interface Handler<Db, Command, State, Event> {
  /**
   * Loads the aggregate, decides, and writes the events with their row and all other writes in one statement.
   * @returns the aggregate after the command
   * @throws the refusal of `decide`; `version-conflict` when other commands came first, depending on `loading`
   */
  handle(
    db: Db,
    id: string,
    command: Command,
    options?: HandleOptions & Pick<Directed<Command, State, Event>, 'from'>,
  ): Promise<Envelope<State, Event>>;
  /**
   * The same for several aggregates: all or none, in one statement, in the order of the commands.
   * @param commands at most one for each id, since all are decided on the loaded state
   * @throws Error for two commands with the same id
   */
  handleAll(
    db: Db,
    commands: readonly Directed<Command, State, Event>[],
    options?: HandleOptions,
  ): Promise<Envelope<State, Event>[]>;
  /** Aggregates by id, as `loading` reads them for a command (with `locked`, locked until the transaction ends). */
  load(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Envelope<State, Event>>>;
}

/**
 * Creates the handler of an aggregate: the only way in which commands reach it.
 * @param how.loading where the state comes from, and how concurrent commands are kept apart
 * @param how.rows the writes of the read-model rows of changed aggregates, in one statement with their events
 */
export function createHandler<Db extends Queryable, Command, State, Event extends NewEvent>(
  aggregate: Aggregate<Command, State, Event>,
  how: {
    loading: Loading<Db, State, Event>;
    rows: (changes: readonly Change<Command, State, Event>[]) => readonly Write[];
  },
): Handler<Db, Command, State, Event> {
  const { loading, rows } = how;
  const load = (db: Db, ids: readonly string[]) => loading.load(aggregate, db, ids);

  /** The aggregates after their commands; undefined when another command came first, and an attempt is left. */
  async function attempt(
    db: Db,
    commands: readonly Directed<Command, State, Event>[],
    { now = new Date(), writes = [] }: HandleOptions,
    isLastAttempt: boolean,
  ): Promise<Envelope<State, Event>[] | undefined> {
    const unread = commands.flatMap(({ id, from }) => (from ? [] : [id]));
    const read = unread.length > 0 ? await load(db, unread) : undefined;
    const known = commands.map((one) => ({ ...one, from: one.from ?? read?.get(one.id) ?? newAggregate }));
    const time = known.reduce((latest, { from }) => timeAfter(from.time, latest), now);
    const changes = known.map((one) => changeOf(aggregate, one, time));
    const happened = changes.filter(({ append }) => append.events.length > 0);
    try {
      await write(db, happened, time, writes);
    } catch (error) {
      if (isLastAttempt || classify(error).code !== 'version-conflict') throw error;
      return undefined;
    }
    return changes.map(({ after }) => after);
  }

  async function write(
    db: Db,
    changes: readonly Change<Command, State, Event>[],
    now: Date,
    writes: readonly Write[],
  ): Promise<void> {
    if (changes.length > 0)
      await appendEvents(
        db,
        changes.map(({ append }) => append),
        { now, writes: [...rows(changes), ...writes] },
      );
    else if (writes.length > 0) await inOneStatement(db, writes);
  }

  const handleAll = async (
    db: Db,
    commands: readonly Directed<Command, State, Event>[],
    options: HandleOptions = {},
  ): Promise<Envelope<State, Event>[]> => {
    refuseRepeated(commands);
    // A given state would be just as stale on the next attempt, and a transaction does not survive a refused append.
    const maxAttempts = isTransaction(db) || commands.some(({ from }) => from) ? 1 : loading.maxAttempts;
    // With nothing to load there is only the write, and one statement needs no transaction around it.
    const needsLoad = commands.some(({ from }) => !from);
    for (let attempts = 1; ; attempts += 1) {
      const run = (inside: Db) => attempt(inside, commands, options, attempts === maxAttempts);
      const after = await (needsLoad ? loading.within(db, run) : run(db));
      if (after) return after;
    }
  };

  return {
    load,
    handleAll,
    async handle(db, id, command, { from, ...options } = {}) {
      const [after] = await handleAll(db, [{ id, command, from }], options);
      return after ?? newAggregate;
    },
  };
}

/** @throws Error for a mistake of the caller: retrying does not help. */
function refuseRepeated(commands: readonly { id: string }[]): void {
  const repeated = commands.find(({ id }, index) => commands.findIndex((other) => other.id === id) !== index);
  if (repeated) throw new Error(`Two commands for ${repeated.id} in one call: handle them one after the other`);
}

/**
 * The change that a command makes to an aggregate; nothing is written. For a writer that batches many changes in one
 * statement of its own; everything else goes through a handler.
 * @param now not before the time of the last event
 * @throws the refusal of `decide`.
 */
export function changeOf<Command, State, Event extends NewEvent>(
  aggregate: Pick<Aggregate<Command, State, Event>, 'streamOf' | 'decide' | 'evolve'>,
  { id, command, from: before = newAggregate }: Directed<Command, State, Event>,
  now: Date,
): Change<Command, State, Event> {
  const events = aggregate.decide(command, before.state);
  const facts = events.map((event, index): Fact<Event> => ({
    ...event,
    version: before.version + 1 + index,
    time: now,
  }));
  const append = { stream: aggregate.streamOf(id), expectedVersion: before.version, events };
  return { id, command, before, after: fold(aggregate, before, facts), append };
}
