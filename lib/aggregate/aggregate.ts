import type { EventContract, NewEvent } from '../events/define';
import type { RecordedEvent } from '../eventlog/events';

/** What a contract's definition makes. */
type EventIn<C> = C extends EventContract<infer Type, infer Data> ? NewEvent<Type, Data> : never;

/** A thing whose events are one stream. Both functions are pure: what happened can be told again, and tested anywhere. */
export interface Aggregate<Command, State, Event extends NewEvent> {
  /** The stream that holds the events of one of them: `<kind>-<id>`. */
  readonly streamOf: (id: string) => string;
  /**
   * A stored event in today's shape, whatever version it was written in.
   * @throws when the event is none of this aggregate's, or cannot be read.
   */
  readonly upcast: (recorded: Pick<RecordedEvent, 'type' | 'dataVersion' | 'data' | 'metadata'>) => Event;
  /**
   * What happens when a command meets this state (undefined: there is none); an empty list when it has happened already.
   * @throws the refusal.
   */
  readonly decide: (command: Command, state: State | undefined) => Event[];
  /** The state after one more event; undefined when nothing is left. */
  readonly evolve: (state: State | undefined, event: Fact<Event>) => State | undefined;
}

/** An event with its place in its stream, from 1, and its time. */
export type Fact<Event> = Event & { readonly version: number; readonly time: Date };

/** An aggregate as it was loaded, or as it is after a command. */
export interface Envelope<State, Event> {
  /** Undefined before the first event, and when nothing is left. */
  readonly state: State | undefined;
  /** Of its stream: the number of events; 0 when there is none. */
  readonly version: number;
  /** Of the last event, where the loader knows it. */
  readonly time?: Date | undefined;
  /** The events that are known, in order: all when they were folded from the stream, else those just decided. */
  readonly facts: readonly Fact<Event>[];
}

/**
 * Declares an aggregate.
 * @param declared.stream the kind of its streams, as in the contracts of all its events.
 * @example defineAggregate({ stream: 'note', events: noteEvents, decide, evolve })
 */
export function defineAggregate<Command, State, Contract extends EventContract>(declared: {
  stream: string;
  events: readonly Contract[];
  decide: (command: Command, state: State | undefined) => EventIn<Contract>[];
  evolve: (state: State | undefined, event: Fact<EventIn<Contract>>) => State | undefined;
}): Aggregate<Command, State, EventIn<Contract>> {
  const { stream, events, decide, evolve } = declared;
  const stranger = events.find((contract) => contract.stream !== stream);
  if (stranger) throw new Error(`${stranger.type} belongs to the streams of a ${stranger.stream}, not of a ${stream}`);
  const contracts = new Map(events.map((contract) => [contract.type, contract]));
  return {
    streamOf: (id) => `${stream}-${id}`,
    upcast({ type, dataVersion, data, metadata }) {
      const contract = contracts.get(type);
      if (!contract) throw new Error(`${type} is in the stream of a ${stream}, but is none of its events`);
      const today = contract.parse(dataVersion, data, metadata.compatibleVersion);
      // The contract's own type and data.
      return { type, dataVersion: contract.version, data: today } as EventIn<Contract>;
    },
    decide,
    evolve,
  };
}

/** Before the first event. */
export const unborn: Envelope<never, never> = { state: undefined, version: 0, facts: [] };

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
