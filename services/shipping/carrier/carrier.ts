import type { Address } from '../../../contracts/address';

/** A carrier's answer to a booking: accepted, refused, or cancelled before. */
export type CarrierAnswer =
  { outcome: 'booked'; trackingNumber: string } | { outcome: 'refused'; reason: string } | { outcome: 'cancelled' };

/** A carrier as Sagaworks needs it. With the same key a parcel is booked once and has the same answer. */
export interface Carrier {
  book(key: string, parcel: { shipmentId: string; address: Address }): Promise<CarrierAnswer>;
  /**
   * Cancels a booking, and calls back a dispatched parcel. If the booking has not arrived yet, it will be refused: a
   * process may die after a late booking, and nothing else would cancel it.
   */
  cancel(key: string): Promise<void>;
}
