import type { Generated, Insertable, Kysely, Selectable } from 'kysely';

/** The books of the simulated carrier. They are no part of the shipping service, which never looks into them. */
interface BookingTable {
  key: string;
  /** Null in a fence: it was cancelled before it came. */
  shipment_id: string | null;
  outcome: 'booked' | 'refused' | 'cancelled';
  reason: string | null;
  tracking_number: string | null;
  /** How often it was asked for. */
  calls: Generated<number>;
}

export interface CarrierTables {
  simulated_carrier_bookings: BookingTable;
}

/** A booking at the carrier, and what became of it. */
export type Booking = Selectable<BookingTable>;

type Db = Kysely<CarrierTables>;

/** Writes a booking, or counts one more call when its key is known: the first call decides. */
export function recordBooking(db: Db, booking: Insertable<BookingTable>): Promise<Booking> {
  return db
    .insertInto('simulated_carrier_bookings')
    .values(booking)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({ calls: eb('simulated_carrier_bookings.calls', '+', 1) })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Takes a booking back; one that was refused stays so, one that never came is fenced. */
export async function cancelBooking(db: Db, key: string): Promise<void> {
  const fence = { key, shipment_id: null, outcome: 'cancelled' as const, reason: null, tracking_number: null };
  await db
    .insertInto('simulated_carrier_bookings')
    .values(fence)
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ outcome: 'cancelled' })
        .where('simulated_carrier_bookings.outcome', '!=', 'refused'),
    )
    .execute();
}
