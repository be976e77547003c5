import type { ConsumeMessage } from 'amqplib';

/** A message with as many failed deliveries is suspect: each time the process or its channel died. */
const suspectFrom = 3;
/** After as many messages without a suspect, the usual prefetch is restored. */
const calmAfter = 100;

/** How many messages to take at once: one while suspects arrive. */
export interface AdaptivePrefetch {
  readonly prefetch: number;
  /** Takes a message into account; true when the prefetch has changed. */
  changes(message: ConsumeMessage): boolean;
}

/**
 * A poison message ends the process each time, and the broker counts a failed delivery for every message delivered with
 * it. While suspects arrive, messages are taken one at a time: the count of the poison message reaches the limit, and
 * the others get through.
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
