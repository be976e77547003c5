import type { ConsumeMessage } from 'amqplib';

/** A message delivered as often as this without an acknowledgement is suspect: each time a process or its channel died. */
const suspectFrom = 3;
/** After as many messages without a suspect among them, the prefetch is the usual one again. */
const calmAfter = 100;

/** How many messages to take at once. */
export interface AdaptivePrefetch {
  readonly prefetch: number;
  /** Looks at a message; true when from now on another prefetch is in order. */
  changes(message: ConsumeMessage): boolean;
}

/**
 * A message that ends the process each time takes down all that were delivered with it, and the broker counts a failed
 * delivery for each of them. While suspects come, messages are taken one at a time: the count of the guilty one goes
 * on to the limit, the others get through.
 */
export function createAdaptivePrefetch(prefetch: number): AdaptivePrefetch {
  let calm = calmAfter;
  const current = (): number => (calm < calmAfter ? 1 : prefetch);
  return {
    get prefetch() {
      return current();
    },
    changes({ properties }) {
      const before = current();
      const failedDeliveries = Number(properties.headers?.['x-delivery-count'] ?? 0);
      calm = failedDeliveries >= suspectFrom ? 0 : calm + 1;
      return current() !== before;
    },
  };
}
