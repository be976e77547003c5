import type { Kysely, Transaction } from 'kysely';
import type { Envelope } from '../../events/envelope';
import type { Exchange } from '../../events/exchange';
import {
  createSubscription,
  declareSubscription,
  typesOf,
  type Handlers,
  type Subscription,
  type SubscriptionDeclaration,
} from './subscription';

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
