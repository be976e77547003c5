import type { Kysely } from 'kysely';
import type { Subscription } from '../inbox/subscription/subscription';

/** A subscription as operators see it: its queue, its handlers, and the database where its inbox is. */
export interface Reader {
  service: string;
  queue: string;
  subscription: Subscription;
  /** Broker users that may have dead-lettered a message there: the consumer's, its producer's and the platform's. */
  users: readonly string[];
  db: Kysely<unknown>;
}

/** An event log and its relay as operators see them; both are named after the exchange. */
export interface Log {
  service: string;
  exchange: string;
  source: string;
  db: Kysely<unknown>;
  /** Wakes the relay. */
  wake: () => void;
}

/** The reader of a queue, or all readers. @throws `not-found` */
export type FindReaders = (queue: string | undefined) => readonly Reader[];
