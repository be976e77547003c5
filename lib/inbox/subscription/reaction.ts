import type { Kysely, Transaction } from 'kysely';
import type { Envelope } from '../../events/envelope';
import type { Exchange } from '../../events/exchange';
import { heard, subscribe, typesOf, type Handlers, type Heard, type Subscription } from './subscription';

/**
 * Declares what a service does when something has happened elsewhere: once per event, the effect and the mark that it
 * was done in one transaction.
 */
export const reaction =
  <Tables>() =>
  <E extends Exchange>(declared: { name: string; from: E; on: Handlers<E, Transaction<Tables>> }): Subscription =>
    subscribe('unordered', declared, typesOf(declared.from, Object.keys(declared.on)));

/**
 * Declares what happens in another system when something has happened here. Its handlers run outside of any
 * transaction, because one that has written and waits holds back the relays of every database of the server. So they
 * may run again after a crash, and must be idempotent.
 */
export const externalReaction =
  <Tables>() =>
  <E extends Exchange>(declared: { name: string; from: E; on: Handlers<E, Kysely<Tables>> }): Subscription =>
    subscribe('external', declared, typesOf(declared.from, Object.keys(declared.on)));

/** What acts on another system that is only known when it runs; what it hears is known before. */
export interface ConnectableReaction<System> {
  readonly hears: Heard;
  connect(system: System): Subscription;
}

/** Declares an external reaction whose handlers are given the other system, in place of a database. */
export const connectableReaction =
  <System>() =>
  <E extends Exchange>(declared: { name: string; from: E; on: Handlers<E, System> }): ConnectableReaction<System> => {
    const { from, on } = declared;
    const hears = heard('external', declared, typesOf(from, Object.keys(on)));
    const handlers = new Map(Object.entries(on) as [string, HandleWith<System>][]);
    return {
      hears,
      connect: (system) => ({
        ...hears,
        handlerOf: (type) => {
          const handle = handlers.get(type);
          return handle && ((data, _, event) => handle(data, system, event));
        },
      }),
    };
  };

/** The types of the data have been checked where the reaction was declared. */
type HandleWith<System> = (data: unknown, system: System, event: Envelope) => Promise<void>;
