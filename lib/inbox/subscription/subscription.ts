import type { Kysely } from 'kysely';
import type { DataOf } from '../../events/define';
import type { Exchange } from '../../events/exchange';
import type { Envelope } from '../../events/envelope';

type EventOn<E extends Exchange> = E['events'][number];
type Named<E extends Exchange, Type> = Extract<EventOn<E>, { type: Type }>;

/** A handler per event type; the data comes in its newest version. */
export type Handlers<E extends Exchange, Db> = {
  [Type in EventOn<E>['type']]?: (data: DataOf<Named<E, Type>>, db: Db, event: Envelope) => Promise<void>;
};

/** A handler as the consumer calls it: the types have been checked where the subscription was declared. */
export type Handle = (data: unknown, db: Kysely<unknown>, event: Envelope) => Promise<void>;

/** What is heard of one exchange, and how it is read. */
export interface Heard {
  readonly name: string;
  /**
   * `ordered`: every version of a stream once and in order. `unordered`: every event once, by id.
   * `external`: like `unordered`, but its handler acts on another system, outside of any transaction.
   */
  readonly kind: 'ordered' | 'unordered' | 'external';
  readonly exchange: Exchange;
  /** Routing keys of the queue. */
  readonly bindings: readonly string[];
  /** The newest data that the code knows, whatever version it was written in; see `EventContract.parse`. */
  parse(event: Envelope): unknown;
}

/** What a service does with the events of one exchange. */
export interface Subscription extends Heard {
  /** Undefined when the type is only there to keep the versions without gaps. */
  handlerOf(type: string): Handle | undefined;
  /** Handles the events of a batch at once, in place of their handlers one by one. */
  handleAll?(events: readonly Envelope[], db: Kysely<unknown>): Promise<void>;
}

/** Whether an event erases a person's data: then it waits for nothing, and what came before it in its stream is dropped. */
export const isErasing = ({ exchange }: Pick<Subscription, 'exchange'>, { type }: Pick<Envelope, 'type'>): boolean =>
  exchange.events.some((contract) => contract.type === type && contract.erases);

/** The types that a reaction must hear: those it handles, and what erases streams of which it hears something. */
export function typesOf({ events }: Exchange, handled: readonly string[]): string[] {
  const streams = new Set(events.filter(({ type }) => handled.includes(type)).map(({ stream }) => stream));
  const erasing = events.filter(({ erases, stream }) => erases && streams.has(stream)).map(({ type }) => type);
  return [...new Set([...handled, ...erasing])];
}

/** Makes a subscription of what was declared; `bindings` decide what arrives. */
export function subscribe<E extends Exchange, Db>(
  kind: Subscription['kind'],
  declared: { name: string; from: E; on: Handlers<E, Db> },
  bindings: readonly string[],
): Subscription {
  const handlers = new Map(Object.entries(declared.on) as [string, Handle][]);
  return { ...heard(kind, declared, bindings), handlerOf: (type) => handlers.get(type) };
}

/** What was declared to be heard, without its handlers. */
export function heard(
  kind: Subscription['kind'],
  { name, from }: { name: string; from: Exchange },
  bindings: readonly string[],
): Heard {
  const contracts = new Map(from.events.map((contract) => [contract.type, contract]));
  return {
    name,
    kind,
    exchange: from,
    bindings,
    parse: ({ type, dataVersion, compatibleVersion, data }) =>
      contracts.get(type)?.parse(dataVersion, data, compatibleVersion),
  };
}
