import { setTimeout as sleep } from 'node:timers/promises';
import type { Carrier } from './carrier';

/** Where the simulated carrier does not go. */
const notServiceable = '00000';

/**
 * A carrier for tests and trials. Its answers depend on the question alone, so it needs no memory to be idempotent.
 * @param latencyMs how long every call takes.
 */
export function createSimulatedCarrier({ latencyMs = 0 } = {}): Carrier {
  return {
    async book(_key, { shipmentId, address }) {
      await sleep(latencyMs);
      if (address.postalCode === notServiceable) {
        return { outcome: 'refused', reason: `The carrier does not deliver to ${address.postalCode}` };
      }
      return { outcome: 'booked', trackingNumber: `SIM-${shipmentId.slice(-12).toUpperCase()}` };
    },
    cancel: () => sleep(latencyMs),
  };
}
