import type { EventContract, NewEvent } from '../events/define';
import type { RecordedEvent } from '../eventlog/events';

/** The events of a contract. */
type EventIn<C> = C extends EventContract<infer Type, infer Data> ? NewEvent<Type, Data> : never;

/** A thing whose events form one stream. Both functions are pure, so they can be replayed, and tested anywhere. */
export interface Aggregate<Command, State, Event extends NewEvent> {
  /** The stream of one aggregate: `<kind>-<id>`. */
  readonly streamOf: (id: string) => string;
  /**
   * A stored event in the current version, whatever version it was written in.
   * @throws when the event does not belong to this aggregate, or cannot be read.
   */
  readonly upcast: (recorded: Pick<RecordedEvent, 'type' | 'dataVersion' | 'data' | 'metadata'>) => Event;
  /**
   * The events of a command in this state (undefined: not created yet); none when they have happened already.
   * @throws the refusal.
   */
  readonly decide: (command: Command, state: State | undefined) => Event[];
  /** The state after one more event; undefined when it was erased. */
  readonly evolve: (state: State | undefined, event: Fact<Event>) => State | undefined;
}

/** An event with its version in the stream, from 1, and its time. */
export type Fact<Event> = Event & { readonly version: number; readonly time: Date };

/** An aggregate as loaded, or after a command. */
export interface Envelope<State, Event> {
  /** Undefined before the first event, and after it was erased. */
  readonly state: State | undefined;
  /** The number of events in its stream; 0 when there are none. */
  readonly version: number;
  /** The time of the last event, where the loader knows it. */
  readonly time?: Date | undefined;
  /** The known events in order: all of them when folded from the stream, otherwise those just decided. */
  readonly facts: readonly Fact<Event>[];
}

/**
 * Declares an aggregate.
 * @param declared.stream the kind of its streams, as in the contracts of all its events
 * @example defineAggregate({ stream: 'note', events: noteEvents, decide, evolve })
 */
export function defineAggregate<Command, State, Contract extends EventContract>(declared: {
  stream: string;
  events: readonly Contract[];
  decide: (command: Command, state: State | undefined) => EventIn<Contract>[];
  evolve: (state: State | undefined, event: Fact<EventIn<Contract>>) => State | undefined;
}): Aggregate<Command, State, EventIn<Contract>> {
  const { stream, events, decide, evolve } = declared;
  const foreign = events.find((contract) => contract.stream !== stream);
  if (foreign) throw new Error(`${foreign.type} belongs to ${foreign.stream} streams, not to ${stream} streams`);
  const contracts = new Map(events.map((contract) => [contract.type, contract]));
  return {
    streamOf: (id) => `${stream}-${id}`,
    upcast({ type, dataVersion, data, metadata }) {
      const contract = contracts.get(type);
      if (!contract) throw new Error(`${type} is in a ${stream} stream, but is not one of its events`);
      const current = contract.parse(dataVersion, data, metadata.compatibleVersion);
      // Type and data come from the contract.
      return { type, dataVersion: contract.version, data: current } as EventIn<Contract>;
    },
    decide,
    evolve,
  };
}

/** An aggregate before its first event. */
export const newAggregate: Envelope<never, never> = { state: undefined, version: 0, facts: [] };

/** The aggregate after more facts. */
export function fold<State, Event extends NewEvent>(
  { evolve }: Pick<Aggregate<never, State, Event>, 'evolve'>,
  before: Envelope<State, Event>,
  facts: readonly Fact<Event>[],
): Envelope<State, Event> {
  const last = facts.at(-1);
  if (!last) return before;
  return {
    state: facts.reduce<State | undefined>((state, fact) => evolve(state, fact), before.state),
    version: last.version,
    time: last.time,
    facts: [...before.facts, ...facts],
  };
}
