import type { Address } from '../../../contracts/address';

/** What a carrier answers to a booking: it took it, it refused, or it was told to cancel it. */
export type CarrierAnswer =
  { outcome: 'booked'; trackingNumber: string } | { outcome: 'refused'; reason: string } | { outcome: 'cancelled' };

/** A carrier as Sagaworks needs it. With the same key a parcel is booked once and gets the same answer. */
export interface Carrier {
  book(key: string, parcel: { shipmentId: string; address: Address }): Promise<CarrierAnswer>;
  /**
   * Takes a booking back, and the parcel with it when it is on its way; when nothing came under the key yet, nothing ever
   * will: a process may die after its booking came late, and nobody else would take it back.
   */
  cancel(key: string): Promise<void>;
}
