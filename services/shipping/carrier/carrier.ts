import type { Address } from '../../../contracts/address';

/** What a carrier answers to a booking. */
export type CarrierAnswer = { outcome: 'booked'; trackingNumber: string } | { outcome: 'refused'; reason: string };

/** A carrier as Sagaworks needs it. With the same key a parcel is booked once and gets the same answer. */
export interface Carrier {
  book(key: string, parcel: { shipmentId: string; address: Address }): Promise<CarrierAnswer>;
  /** Takes a booking back, and the parcel with it when it is on its way; one that was never made, or is cancelled already, is fine too. */
  cancel(key: string): Promise<void>;
}
