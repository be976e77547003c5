import type { Generated, Insertable, Kysely, Selectable } from 'kysely';

/** The records of the simulated carrier; the shipping service never reads them. */
interface BookingTable {
  key: string;
  /** Null in a tombstone: the booking was cancelled before it arrived. */
  shipment_id: string | null;
  outcome: 'booked' | 'refused' | 'cancelled';
  reason: string | null;
  tracking_number: string | null;
  /** How often it was requested. */
  calls: Generated<number>;
}

export interface CarrierTables {
  simulated_carrier_bookings: BookingTable;
}

/** A booking at the carrier, and its outcome. */
export type Booking = Selectable<BookingTable>;

type Db = Kysely<CarrierTables>;

/** Records a booking, or counts another call when its key is known: the first call decides. */
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

/** Cancels a booking; a refused one stays refused, one that never arrived gets a tombstone. */
export async function cancelBooking(db: Db, key: string): Promise<void> {
  const tombstone = { key, shipment_id: null, outcome: 'cancelled' as const, reason: null, tracking_number: null };
  await db
    .insertInto('simulated_carrier_bookings')
    .values(tombstone)
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ outcome: 'cancelled' })
        .where('simulated_carrier_bookings.outcome', '!=', 'refused'),
    )
    .execute();
}
