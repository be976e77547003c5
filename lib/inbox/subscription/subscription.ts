import type { Kysely, Transaction } from 'kysely';
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
function typesOf({ events }: Exchange, handled: readonly string[]): string[] {
  const streams = new Set(events.filter(({ type }) => handled.includes(type)).map(({ stream }) => stream));
  const erasing = events.filter(({ erases, stream }) => erases && streams.has(stream)).map(({ type }) => type);
  return [...new Set([...handled, ...erasing])];
}

/** A subscription with its handlers; `bindings` are the routing keys of its queue. */
function createSubscription<E extends Exchange, Db>(
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

/**
 * Declares handlers that run once for each event, in the order of versions within a stream: the effect and the mark
 * that it was applied are in one transaction. Older versions are dropped, newer ones wait. It receives whole streams,
 * also the types without a handler, because a gap in the versions would mean a lost event.
 * For a read model, declare a projection (lib/projections) instead: it can be rebuilt as well.
 * @example ordered<NoteTables>()({ name: 'notes', version: 1, from: exchanges.notes, on: { … } });
 */
export const ordered =
  <Tables>() =>
  <E extends Exchange>(declared: {
    name: string;
    /** Raised to start over with every stream. */
    version: number;
    from: E;
    on: Handlers<E, Transaction<Tables>>;
  }): Subscription => {
    const streams = declared.from.events.filter(({ type }) => type in declared.on).map(({ stream }) => stream);
    const bindings = [...new Set(streams)].map((stream) => `${stream}.#`);
    const name = `${declared.name}_v${declared.version}`;
    return createSubscription('ordered', { ...declared, name }, bindings);
  };

/**
 * Declares what a service does once for each event of another service: the effect and the mark that the event was
 * processed are in one transaction.
 */
export const reaction =
  <Tables>() =>
  <E extends Exchange>(declared: { name: string; from: E; on: Handlers<E, Transaction<Tables>> }): Subscription =>
    createSubscription('unordered', declared, typesOf(declared.from, Object.keys(declared.on)));

/**
 * Declares what a service does in another system for each event. Its handlers run outside of any transaction, because
 * an open transaction that has written holds back the relays of every database of the server. They may run again after
 * a crash, so they must be idempotent.
 */
export const externalReaction =
  <Tables>() =>
  <E extends Exchange>(declared: { name: string; from: E; on: Handlers<E, Kysely<Tables>> }): Subscription =>
    createSubscription('external', declared, typesOf(declared.from, Object.keys(declared.on)));

/** An external reaction whose other system is known only at run time; its declaration is known before. */
export interface ConnectableReaction<System> {
  readonly declaration: SubscriptionDeclaration;
  connect(system: System): Subscription;
}

/** Declares an external reaction whose handlers receive the other system instead of a database. */
export const connectableReaction =
  <System>() =>
  <E extends Exchange>(declared: { name: string; from: E; on: Handlers<E, System> }): ConnectableReaction<System> => {
    const { from, on } = declared;
    const declaration = declareSubscription('external', declared, typesOf(from, Object.keys(on)));
    const handlers = new Map(Object.entries(on) as [string, HandleWith<System>][]);
    return {
      declaration,
      connect: (system) => ({
        ...declaration,
        handlerOf: (type) => {
          const handle = handlers.get(type);
          return handle && ((data, _, event) => handle(data, system, event));
        },
      }),
    };
  };

/** The types of the data were checked where the reaction was declared. */
type HandleWith<System> = (data: unknown, system: System, event: Envelope) => Promise<void>;
