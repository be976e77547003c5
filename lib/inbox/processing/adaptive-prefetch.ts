import type { ConsumeMessage } from 'amqplib';

/** Deliveries without an acknowledgement that make a message suspect: somebody died, or lost his channel, so often. */
const suspectFrom = 3;
/** Messages without a suspect among them, then all is well again. */
const calmAfter = 100;

/** How many messages to take at once. */
export interface Caution {
  readonly prefetch: number;
  /** Looks at a message; true when from now on another prefetch is in order. */
  changes(message: ConsumeMessage): boolean;
}

/**
 * A message that ends the process each time takes down all that were delivered with it, and the broker counts a failed
 * delivery for each of them. While suspects come, messages are taken one at a time: the count of the guilty one goes
 * on to the limit, the others get through.
 */
export function createCaution(prefetch: number): Caution {
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
