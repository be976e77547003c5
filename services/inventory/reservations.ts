import type { Kysely } from 'kysely';
import { applyEffect, undoEffect } from '../../lib/effects/effects';
import type { Waker } from '../../lib/eventlog/wake';
import { decideRelease, decideReservation, type Item } from './domain';
import { changeStocks, lockReservation, lockStocks, reservationDelete, reservationInsert } from './store';
import type { InventoryTables } from './tables';

/** What inventory does for a saga. Both take the effect key of the reservation: `<workflowId>/<step>`. */
export const createReservations = (db: Kysely<InventoryTables>, waker: Pick<Waker, 'wake'>) => ({
  /**
   * Holds the pieces for an order, all or none, once for the key.
   * @throws `out-of-stock` or `unknown-product`; `step-fenced` when it was released before it came.
   */
  async reserveStock(key: string, request: { orderId: string; items: Item[] }): Promise<void> {
    const { orderId, items } = request;
    const skus = items.map(({ sku }) => sku);
    await applyEffect(db, key, request, async (trx) => {
      const changes = decideReservation(await lockStocks(trx, skus), orderId, items);
      await changeStocks(trx, changes, [reservationInsert(orderId, items)]);
    });
    waker.wake();
  },

  /** Frees what the reservation of this key holds, once; a reservation that comes later is fenced off. */
  async releaseStock(key: string, { orderId }: { orderId: string }): Promise<void> {
    await undoEffect(db, key, async (trx) => {
      const changes = decideRelease(await lockReservation(trx, orderId), orderId);
      await changeStocks(trx, changes, [reservationDelete(orderId)]);
    });
    waker.wake();
  },
});
