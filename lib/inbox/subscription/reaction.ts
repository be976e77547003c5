import type { Kysely, Transaction } from 'kysely';
import type { Exchange } from '../../events/exchange';
import { subscribe, typesOf, type Handlers, type Subscription } from './subscription';

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
