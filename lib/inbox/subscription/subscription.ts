import type { Kysely } from 'kysely';
import type { DataOf } from '../../events/define';
import type { Exchange } from '../../events/exchange';
import type { Envelope } from '../../events/envelope';

type EventOn<E extends Exchange> = E['events'][number];
type Named<E extends Exchange, Type> = Extract<EventOn<E>, { type: Type }>;

/** A handler per event type; the data has the newest version. */
export type Handlers<E extends Exchange, Db> = {
  [Type in EventOn<E>['type']]?: (data: DataOf<Named<E, Type>>, db: Db, event: Envelope) => Promise<void>;
};

/** A handler as the consumer calls it: the types were checked where the subscription was declared. */
export type Handle = (data: unknown, db: Kysely<unknown>, event: Envelope) => Promise<void>;

/** Which events of an exchange are consumed, and how: a subscription without its handlers. */
export interface SubscriptionDeclaration {
  readonly name: string;
  /**
   * `ordered`: every version of a stream, once and in order. `unordered`: every event once, by id.
   * `external`: like `unordered`, but the handlers act on another system, outside of any transaction.
   */
  readonly kind: 'ordered' | 'unordered' | 'external';
  readonly exchange: Exchange;
  /** Routing keys of the queue. */
  readonly bindings: readonly string[];
  /** The data in the newest version, whichever it was written in; see `EventContract.parse`. */
  parse(event: Envelope): unknown;
}

/** What a service does with the events of one exchange. */
export interface Subscription extends SubscriptionDeclaration {
  /** Undefined for a type that is consumed only so that versions have no gaps. */
  handlerOf(type: string): Handle | undefined;
  /** Handles the events of a batch at once, instead of their handlers one by one. */
  handleAll?(events: readonly Envelope[], db: Kysely<unknown>): Promise<void>;
}

/** Whether an event erases a person's data: it waits for nothing, and earlier events of its stream are dropped. */
export const isErasing = ({ exchange }: Pick<Subscription, 'exchange'>, { type }: Pick<Envelope, 'type'>): boolean =>
  exchange.events.some((contract) => contract.type === type && contract.erases);

/** The types that a reaction must receive: those it handles, and those that erase streams with such events. */
export function typesOf({ events }: Exchange, handled: readonly string[]): string[] {
  const streams = new Set(events.filter(({ type }) => handled.includes(type)).map(({ stream }) => stream));
  const erasing = events.filter(({ erases, stream }) => erases && streams.has(stream)).map(({ type }) => type);
  return [...new Set([...handled, ...erasing])];
}

/** A subscription with its handlers; `bindings` are the routing keys of its queue. */
export function createSubscription<E extends Exchange, Db>(
  kind: Subscription['kind'],
  declared: { name: string; from: E; on: Handlers<E, Db> },
  bindings: readonly string[],
): Subscription {
  const handlers = new Map(Object.entries(declared.on) as [string, Handle][]);
  return { ...declareSubscription(kind, declared, bindings), handlerOf: (type) => handlers.get(type) };
}

/** A subscription without its handlers. */
export function declareSubscription(
  kind: Subscription['kind'],
  { name, from }: { name: string; from: Exchange },
  bindings: readonly string[],
): SubscriptionDeclaration {
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
