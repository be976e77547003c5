import { inOneStatement, type Write } from '../db/writes';
import type { Queryable } from '../db/database';
import { isTransaction } from '../db/in-transaction';
import { classify } from '../errors/classify';
import { appendEvents, timeAfter } from '../eventlog/append';
import type { StreamAppend } from '../eventlog/events';
import type { NewEvent } from '../events/define';
import { fold, unborn, type Aggregate, type Envelope, type Fact } from './aggregate';
import type { Loading } from './loading';

/** A command to one of several aggregates. */
export interface Directed<Command, State, Event> {
  id: string;
  command: Command;
  /** The state, where it is known already: `unborn` for a new one. Then nothing is loaded. */
  from?: Envelope<State, Event> | undefined;
}

/** What a command has come to. */
export interface Change<Command, State, Event> {
  readonly id: string;
  readonly command: Command;
  readonly before: Envelope<State, Event>;
  readonly after: Envelope<State, Event>;
  /** What goes into the log: no events when the command changes nothing. */
  readonly append: StreamAppend;
}

export interface HandleOptions {
  /** The time of the events, by the clock; none gets a time before that of the event before it. */
  now?: Date;
  /** What else is written in the same statement, such as the key of an effect; also when nothing happens. */
  writes?: readonly Write[];
}

/** Has commands decided and written; each service makes one for each of its aggregates. */
export interface Handler<Db, Command, State, Event> {
  /**
   * Loads, decides, and writes the events with their row and all else in one statement.
   * @returns the aggregate after the command.
   * @throws the refusal of `decide`; `version-conflict` when other commands were faster, as `loading` has it.
   */
  handle(
    db: Db,
    id: string,
    command: Command,
    options?: HandleOptions & Pick<Directed<Command, State, Event>, 'from'>,
  ): Promise<Envelope<State, Event>>;
  /**
   * The same for several aggregates, all or none, still in one statement; in the order of the commands.
   * @param commands at most one for each id, since all are decided on what was loaded.
   * @throws Error for two with one id.
   */
  handleAll(
    db: Db,
    commands: readonly Directed<Command, State, Event>[],
    options?: HandleOptions,
  ): Promise<Envelope<State, Event>[]>;
  /** Aggregates by id, as `loading` reads them for a command: locked until the transaction ends, where it locks. */
  load(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Envelope<State, Event>>>;
}

/**
 * Makes the one way in which commands reach an aggregate.
 * @param how.loading where the state comes from, and how concurrent commands are kept apart.
 * @param how.rows what writes the read-model rows of those that changed, together with their events.
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

  /** The aggregates after their commands; undefined when others were faster, and there is another try. */
  async function attempt(
    db: Db,
    commands: readonly Directed<Command, State, Event>[],
    { now = new Date(), writes = [] }: HandleOptions,
    isLastTry: boolean,
  ): Promise<Envelope<State, Event>[] | undefined> {
    const unread = commands.flatMap(({ id, from }) => (from ? [] : [id]));
    const read = unread.length > 0 ? await load(db, unread) : undefined;
    const known = commands.map((one) => ({ ...one, from: one.from ?? read?.get(one.id) ?? unborn }));
    const time = known.reduce((latest, { from }) => timeAfter(from.time, latest), now);
    const changes = known.map((one) => changeOf(aggregate, one, time));
    const happened = changes.filter(({ append }) => append.events.length > 0);
    try {
      await write(db, happened, time, writes);
    } catch (error) {
      if (isLastTry || classify(error).code !== 'version-conflict') throw error;
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
    // What was handed in would be as old at the next try, and a transaction does not survive a refused append.
    const tries = isTransaction(db) || commands.some(({ from }) => from) ? 1 : loading.tries;
    // Nothing to load: the write is all there is, and one statement needs no transaction around it.
    const needsLoad = commands.some(({ from }) => !from);
    for (let tried = 1; ; tried += 1) {
      const run = (inside: Db) => attempt(inside, commands, options, tried === tries);
      const after = await (needsLoad ? loading.within(db, run) : run(db));
      if (after) return after;
    }
  };

  return {
    load,
    handleAll,
    async handle(db, id, command, { from, ...options } = {}) {
      const [after] = await handleAll(db, [{ id, command, from }], options);
      return after ?? unborn;
    },
  };
}

/** @throws Error, a mistake of the caller: retrying would not help. */
function refuseRepeated(commands: readonly { id: string }[]): void {
  const repeated = commands.find(({ id }, index) => commands.findIndex((other) => other.id === id) !== index);
  if (repeated) throw new Error(`Two commands to ${repeated.id} at once: hand them in one after the other`);
}

/**
 * What becomes of an aggregate by a command; nothing is written. For a writer that brings many changes together in one
 * statement of its own; everything else goes through a handler.
 * @param now not before the time of the last event.
 * @throws the refusal of `decide`.
 */
export function changeOf<Command, State, Event extends NewEvent>(
  aggregate: Pick<Aggregate<Command, State, Event>, 'streamOf' | 'decide' | 'evolve'>,
  { id, command, from: before = unborn }: Directed<Command, State, Event>,
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
