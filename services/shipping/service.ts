import type { Address } from '../../contracts/address';
import { shipmentBooked, shipmentCancelled } from '../../contracts/events/shipment';
import type { Database } from '../../lib/db/database';
import { undoEffect } from '../../lib/effects/effects';
import { runAll } from '../../lib/effects/keep';
import { applyOutsideEffect } from '../../lib/effects/outside-effect';
import { fail } from '../../lib/errors/errors';
import type { Waker } from '../../lib/eventlog/wake';
import type { Carrier } from './carrier/carrier';
import { shipmentIdOf, type Shipment } from './domain';
import { findShipment, shipmentInsert, shipmentsOfOrder, shipmentUpdate } from './store';
import type { ShippingTables } from './tables';

export interface ShippingOptions {
  database: Database<ShippingTables>;
  carrier: Carrier;
  waker: Pick<Waker, 'wake'>;
  clock: () => Date;
}

export type ShippingService = ReturnType<typeof createShippingService>;

/** What the shipping service can do. A booking happens once for its effect key; its undo is given the same key. */
export function createShippingService({ database, carrier, waker, clock }: ShippingOptions) {
  const db = database.kysely;

  /**
   * Books the carrier.
   * @throws `address-not-serviceable`; `step-fenced` when it was cancelled before; anything else is worth another try.
   */
  async function bookShipment(
    key: string,
    request: { orderId: string; userId: string; address: Address },
  ): Promise<{ shipmentId: string }> {
    const { orderId, userId, address } = request;
    const shipmentId = shipmentIdOf(orderId);
    const answer = await applyOutsideEffect(db, key, request, {
      ask: () => carrier.book(key, { shipmentId, address }),
      takeBack: () => carrier.cancel(key),
      writes: (booking) => {
        if (booking.outcome === 'refused') return [];
        const { trackingNumber } = booking;
        const booked = shipmentBooked({ shipmentId, orderId, trackingNumber });
        return shipmentInsert({ shipmentId, orderId, userId, trackingNumber }, booked, clock());
      },
    });
    if (answer.outcome === 'refused') throw fail('address-not-serviceable', answer.reason);
    waker.wake();
    return { shipmentId };
  }

  /** Cancels the booking made under `key`, or makes sure that it is never made. */
  async function cancelShipment(key: string, { orderId }: { orderId: string }): Promise<void> {
    await carrier.cancel(key);
    await undoEffect(db, key, async (trx) => {
      const shipment = await findShipment(trx, shipmentIdOf(orderId));
      if (shipment?.status !== 'booked') return;
      const { shipmentId } = shipment;
      await runAll(trx, shipmentUpdate(shipment, shipmentCancelled({ shipmentId, orderId }), clock()));
    });
    waker.wake();
  }

  return {
    bookShipment,
    cancelShipment,
    shipmentsOf: (orderId: string): Promise<Shipment[]> => shipmentsOfOrder(db, orderId),
  };
}
