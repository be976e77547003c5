import type { EventContract } from './define';

/** A topic exchange and the event types that its only producer publishes there. */
export interface Exchange {
  readonly name: string;
  /** The service that owns the exchange: no other service publishes there. */
  readonly producer: string;
  readonly events: readonly EventContract[];
}

/** Every event type of these exchanges, in their order. */
export const eventsOf = (exchanges: readonly Exchange[]): EventContract[] => exchanges.flatMap(({ events }) => events);
