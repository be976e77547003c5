import type { EventContract } from './define';

/** A topic exchange and the event types that its one producer publishes there. */
export interface Exchange {
  readonly name: string;
  /** The service that owns the exchange: nobody else publishes there. */
  readonly producer: string;
  readonly events: readonly EventContract[];
}
