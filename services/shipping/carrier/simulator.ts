import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { platformError } from '../../../lib/errors/errors';
import type { Carrier, CarrierAnswer } from './carrier';
import { cancelBooking, recordBooking, type Booking, type CarrierTables } from './store';

/** The postal code that the simulated carrier does not serve. */
const notServiceable = '00000';

/**
 * A carrier for tests and trials. It records its bookings, as an external system keeps them when the platform is killed.
 * @param latencyMs the delay before every call takes effect.
 * @throws `effect-key-reused` when a key is used again with another parcel.
 */
export function createSimulatedCarrier({
  db,
  latencyMs = 0,
}: {
  db: Kysely<CarrierTables>;
  latencyMs?: number;
}): Carrier {
  return {
    async book(key, { shipmentId, address: { postalCode } }) {
      await sleep(latencyMs);
      const isRefused = postalCode === notServiceable;
      const booking = await recordBooking(db, {
        key,
        shipment_id: shipmentId,
        outcome: isRefused ? 'refused' : 'booked',
        reason: isRefused ? `The carrier does not deliver to ${postalCode}` : null,
        tracking_number: isRefused ? null : `SIM-${shipmentId.slice(-12).toUpperCase()}`,
      });
      if (booking.shipment_id !== null && booking.shipment_id !== shipmentId)
        throw platformError('effect-key-reused', `The carrier was asked for ${key} with another parcel before`);
      return answerOf(booking);
    },

    async cancel(key) {
      await sleep(latencyMs);
      await cancelBooking(db, key);
    },
  };
}

function answerOf({ outcome, reason, tracking_number: trackingNumber }: Booking): CarrierAnswer {
  if (outcome === 'booked') return { outcome, trackingNumber: trackingNumber ?? '' };
  return outcome === 'refused' ? { outcome, reason: reason ?? 'The carrier refused' } : { outcome };
}
