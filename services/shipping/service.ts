import type { Address } from '../../contracts/address';
import { detailsOf, type OrderDetails } from '../../contracts/order-details';
import type { PlacedOrder } from '../../contracts/saga/order';
import type { Refusal } from '../../contracts/saga/activities';
import { newAggregate } from '../../lib/aggregate/aggregate';
import { stored } from '../../lib/aggregate/loading';
import type { Database } from '../../lib/db/database';
import { applyExternalEffect, undoEffect } from '../../lib/effects/effects';
import type { Seal } from '../../lib/encryption/sealed';
import { platformError } from '../../lib/errors/errors';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { StepRefused, type UndoOutcome } from '../../lib/saga/steps';
import type { Carrier } from './carrier/carrier';
import { shipmentIdOf, type Report, type Shipment } from './domain';
import { lockWithReport, shipments, shipmentsOfOrder, type ListedShipment } from './store';
import type { ShippingTables } from './tables';

export interface ShippingOptions {
  database: Database<ShippingTables>;
  carrier: Carrier;
  /** Opens the addresses of orders. */
  details: Pick<Seal<OrderDetails>, 'open'>;
  notifier: Pick<CommitNotifier, 'notify'>;
  clock: () => Date;
}

export type ShippingService = ReturnType<typeof createShippingService>;

/** The operations of the shipping service. A booking happens once for its effect key; its undo takes the same key. */
export function createShippingService({ database, carrier, details, notifier, clock }: ShippingOptions) {
  const db = database.kysely;

  /**
   * Books the shipment of an order with the carrier.
   * @throws `address-not-serviceable`; `step-fenced` when it was cancelled before; anything else can be retried.
   */
  async function bookShipment(
    key: string,
    request: { orderId: string; userId: string; address: Address },
  ): Promise<{ shipmentId: string }> {
    const { orderId, userId, address } = request;
    const shipmentId = shipmentIdOf(orderId);
    const answer = await applyExternalEffect(db, key, request, {
      execute: async () => {
        const booking = await carrier.book(key, { shipmentId, address });
        if (booking.outcome === 'cancelled')
          throw platformError('step-fenced', `The carrier has already cancelled ${key}`);
        return booking;
      },
      compensate: () => carrier.cancel(key),
      record: (booking, effect) => {
        if (booking.outcome === 'refused') return effect.execute(db);
        const { trackingNumber } = booking;
        const command = { type: 'book' as const, shipmentId, orderId, userId, trackingNumber };
        return shipments.handle(db, shipmentId, command, { from: newAggregate, now: clock(), writes: [effect] });
      },
    });
    if (answer.outcome === 'refused') throw new StepRefused<Refusal>('address-not-serviceable', answer.reason);
    notifier.notify();
    return { shipmentId };
  }

  /**
   * Cancels the booking with this key, or makes sure that it is never made. It is decided here, where the carrier's reports
   * wait for it, before the carrier is called: a dispatched parcel is called back, a delivered one is not.
   * @throws `shipment-not-cancellable` when it is delivered; then the booking stands. Anything else can be retried.
   */
  async function cancelShipment(key: string, { orderId }: { orderId: string }): Promise<UndoOutcome> {
    const outcome = await undoEffect(db, key, async (trx) => {
      const { state } = await shipments.handle(trx, shipmentIdOf(orderId), { type: 'cancel' }, { now: clock() });
      return state?.status === 'cancelled' ? 'undone' : 'nothing-to-undo';
    });
    notifier.notify();
    await carrier.cancel(key);
    return outcome;
  }

  /**
   * Records a report of the carrier; a repeated one changes nothing.
   * @returns the shipment afterwards.
   * @throws `not-found`; `conflict` when the shipment was cancelled.
   */
  async function report(shipmentId: string, what: Report): Promise<Shipment> {
    const after = await db.transaction().execute(async (trx) => {
      const known = await lockWithReport(trx, shipmentId, what);
      const from = known ? stored(known) : newAggregate;
      const command = { type: 'report' as const, shipmentId, report: what };
      return shipments.handle(trx, shipmentId, command, { from, now: clock() });
    });
    notifier.notify();
    return after.state ?? unknown(shipmentId);
  }

  /** How far the parcel of an order has come. */
  async function recallParcel(orderId: string): Promise<{ dispatched: boolean; delivered: boolean }> {
    const [shipment] = await shipmentsOfOrder(db, orderId);
    const delivered = shipment?.status === 'delivered';
    return { dispatched: delivered || shipment?.status === 'dispatched', delivered };
  }

  return {
    detailsOf: (order: PlacedOrder): OrderDetails => detailsOf(order, details),
    bookShipment,
    cancelShipment,
    report,
    recallParcel,
    shipmentsOf: (orderId: string): Promise<ListedShipment[]> => shipmentsOfOrder(db, orderId),
  };
}

function unknown(shipmentId: string): never {
  throw platformError('not-found', `There is no shipment ${shipmentId}`);
}
