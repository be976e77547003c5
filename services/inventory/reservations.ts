import type { Kysely } from 'kysely';
import { applyEffect, undoEffect } from '../../lib/effects/effects';
import type { Waker } from '../../lib/eventlog/wake';
import { decideRelease, decideReservation, decideReturn, decideShipping, type Item } from './domain';
import { changeStocks, lockReservation, lockShipped, lockStocks, reservationDelete, reservationInsert } from './store';
import type { InventoryTables } from './tables';

/** What is wanted for an order, and whether the rest is wanted as well when something is short. */
export interface ReservationRequest {
  orderId: string;
  items: Item[];
  ifUnavailable?: 'cancel' | 'ship_rest';
}

/** What inventory does for a saga. All take the key of their effect: `order/<orderId>/<step>`. */
export function createReservations(db: Kysely<InventoryTables>, waker: Pick<Waker, 'wake'>) {
  /**
   * Holds the pieces for an order, once for the key; see `decideReservation` for what it gives back.
   * @throws `out-of-stock` or `unknown-product`; `step-fenced` when it was released before it came.
   */
  async function reserveStock(key: string, request: ReservationRequest): Promise<{ dropped: string[] } | undefined> {
    const { orderId, items, ifUnavailable } = request;
    const skus = items.map(({ sku }) => sku);
    const result = await applyEffect(db, key, request, async (trx) => {
      const { changes, dropped } = decideReservation(await lockStocks(trx, skus), orderId, items, ifUnavailable);
      const held = items.filter(({ sku }) => !dropped.includes(sku));
      await changeStocks(trx, changes, [reservationInsert(orderId, held)]);
      return dropped.length > 0 ? { dropped } : undefined;
    });
    waker.wake();
    return result;
  }

  /** Frees what the reservation of this key holds, once; a reservation that comes later is fenced off. */
  async function releaseStock(key: string, { orderId }: { orderId: string }): Promise<void> {
    await undoEffect(db, key, async (trx) => {
      const changes = decideRelease(await lockReservation(trx, orderId), orderId);
      await changeStocks(trx, changes, [reservationDelete(orderId)]);
    });
    waker.wake();
  }

  /** What is held for the order leaves the house, once for the key. */
  async function shipStock(key: string, { orderId }: { orderId: string }): Promise<void> {
    await applyEffect(db, key, { orderId }, async (trx) => {
      const changes = decideShipping(await lockReservation(trx, orderId), orderId);
      await changeStocks(trx, changes, [reservationDelete(orderId)]);
    });
    waker.wake();
  }

  /** What left the house for the order is back and free, once for the key. */
  async function returnStock(key: string, { orderId }: { orderId: string }): Promise<void> {
    await applyEffect(db, key, { orderId }, async (trx) => {
      await changeStocks(trx, decideReturn(await lockShipped(trx, orderId), orderId));
    });
    waker.wake();
  }

  return { reserveStock, releaseStock, shipStock, returnStock };
}
