import type { Kysely } from 'kysely';
import type { Subscription } from '../inbox/subscription/subscription';

/** A subscription as operators see it: its queue, its handlers, and the database where its inbox is. */
export interface Reader {
  service: string;
  queue: string;
  subscription: Subscription;
  /** Broker users that may have put a dead letter there: the consumer's, its producer's, and the platform's own. */
  users: readonly string[];
  db: Kysely<unknown>;
}

/** A log as operators see it, with the relay that publishes it: both are named after the exchange. */
export interface Log {
  service: string;
  exchange: string;
  source: string;
  db: Kysely<unknown>;
  /** Tells the relay that there is something to do. */
  wake: () => void;
}

/** The reader of a queue, or all. @throws `not-found` */
export type FindReaders = (queue: string | undefined) => readonly Reader[];
