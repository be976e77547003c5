import type { Address } from '../../contracts/address';
import { shipmentBooked } from '../../contracts/events/shipment';
import type { Database } from '../../lib/db/database';
import { undoEffect } from '../../lib/effects/effects';
import { runAll } from '../../lib/effects/keep';
import { applyOutsideEffect } from '../../lib/effects/outside-effect';
import type { Waker } from '../../lib/eventlog/wake';
import { fail } from './errors';
import type { Carrier } from './carrier/carrier';
import { decideCancel, decideReport, evolve, remember, shipmentIdOf, type Report, type Shipment } from './domain';
import { lockShipment, shipmentInsert, shipmentsOfOrder, shipmentUpdate } from './store';
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
      ask: async () => {
        const booking = await carrier.book(key, { shipmentId, address });
        if (booking.outcome === 'cancelled') throw fail('step-fenced', `The carrier was told to cancel ${key} before`);
        return booking;
      },
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

  /**
   * Cancels the booking made under `key`, or makes sure that it is never made. It is decided here, where the carrier's
   * reports wait for it, before the carrier is told: a parcel on its way is called back, a delivered one is not.
   * @throws `shipment-not-cancellable` when it is delivered; then the booking stands. Anything else is worth another try.
   */
  async function cancelShipment(key: string, { orderId }: { orderId: string }): Promise<void> {
    await undoEffect(db, key, async (trx) => {
      const shipment = await lockShipment(trx, shipmentIdOf(orderId));
      if (shipment) await runAll(trx, shipmentUpdate(shipment, decideCancel(shipment), clock()));
    });
    waker.wake();
    await carrier.cancel(key);
  }

  /**
   * Takes what the carrier says of a parcel; what it said before changes nothing. Gives back the shipment as it is then.
   * @throws `not-found`; `conflict` when the shipment was cancelled.
   */
  async function report(shipmentId: string, what: Report): Promise<Shipment> {
    const after = await db.transaction().execute(async (trx) => {
      const shipment = await lockShipment(trx, shipmentId);
      if (!shipment) throw fail('not-found', `There is no shipment ${shipmentId}`);
      const events = decideReport(shipment, what);
      const known = remember(shipment, what);
      await runAll(trx, shipmentUpdate(known, events, clock()));
      return events.reduce(evolve, known);
    });
    waker.wake();
    return after;
  }

  /** How far the order's parcel has come. */
  async function recallParcel(orderId: string): Promise<{ dispatched: boolean; delivered: boolean }> {
    const [shipment] = await shipmentsOfOrder(db, orderId);
    const delivered = shipment?.status === 'delivered';
    return { dispatched: delivered || shipment?.status === 'dispatched', delivered };
  }

  return {
    bookShipment,
    cancelShipment,
    report,
    recallParcel,
    shipmentsOf: (orderId: string): Promise<Shipment[]> => shipmentsOfOrder(db, orderId),
  };
}
