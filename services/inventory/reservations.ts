import type { Kysely } from 'kysely';
import type { Directed } from '../../lib/aggregate/handle';
import { stored } from '../../lib/aggregate/loading';
import { applyEffect, undoEffect } from '../../lib/effects/effects';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { planReservation, type Item, type OrderedStep, type Stock, type StockCommand, type StockEvent } from './stock';
import { lockReservation, lockShipped, reservationDelete, reservationInsert, stocks, type Held } from './store';
import type { InventoryTables } from './tables';

/** What is wanted for an order, and whether the rest is wanted as well when something is short. */
export interface ReservationRequest {
  orderId: string;
  items: Item[];
  ifUnavailable?: 'cancel' | 'ship_rest';
}

/** What inventory does for a saga. All take the key of their effect: `order/<orderId>/<step>`. */
export function createReservations(db: Kysely<InventoryTables>, notifier: Pick<CommitNotifier, 'notify'>) {
  /**
   * Holds the pieces for an order, once for the key; see `planReservation` for what is held.
   * @returns the SKUs that were dropped, when there are any.
   * @throws `out-of-stock` or `unknown-product`; `step-fenced` when it was released before it came.
   */
  async function reserveStock(key: string, request: ReservationRequest): Promise<{ dropped: string[] } | undefined> {
    const { orderId, items, ifUnavailable } = request;
    const result = await applyEffect(db, key, request, async (trx) => {
      const locked = await stocks.load(
        trx,
        items.map(({ sku }) => sku),
      );
      const states = new Map(Array.from(locked, ([sku, { state }]) => [sku, state] as const));
      const { held, dropped } = planReservation(states, items, ifUnavailable);
      const commands = held.map(({ sku, quantity }) => ({
        id: sku,
        from: locked.get(sku),
        command: { type: 'reserve' as const, sku, orderId, quantity },
      }));
      await stocks.handleAll(trx, commands, { writes: [reservationInsert(orderId, held)] });
      return dropped.length > 0 ? { dropped } : undefined;
    });
    notifier.notify();
    return result;
  }

  /** Frees what the reservation of this key holds, once; a reservation that comes later is fenced off. */
  async function releaseStock(key: string, { orderId }: { orderId: string }): Promise<void> {
    await undoEffect(db, key, async (trx) => {
      const held = await lockReservation(trx, orderId);
      await stocks.handleAll(trx, forEach('release', held, orderId), { writes: [reservationDelete(orderId)] });
    });
    notifier.notify();
  }

  /** What is held for the order leaves the house, once for the key. */
  async function shipStock(key: string, { orderId }: { orderId: string }): Promise<void> {
    await applyEffect(db, key, { orderId }, async (trx) => {
      const held = await lockReservation(trx, orderId);
      await stocks.handleAll(trx, forEach('ship', held, orderId), { writes: [reservationDelete(orderId)] });
    });
    notifier.notify();
  }

  /** What left the house for the order is back and free, once for the key. */
  async function returnStock(key: string, { orderId }: { orderId: string }): Promise<void> {
    await applyEffect(db, key, { orderId }, async (trx) => {
      await stocks.handleAll(trx, forEach('return', await lockShipped(trx, orderId), orderId));
    });
    notifier.notify();
  }

  return { reserveStock, releaseStock, shipStock, returnStock };
}

/** The same step for everything that an order has, in stocks that are locked. */
const forEach = (
  type: OrderedStep,
  held: readonly Held[],
  orderId: string,
): Directed<StockCommand, Stock, StockEvent>[] =>
  held.map(({ stock, quantity }) => ({
    id: stock.id,
    from: stored(stock),
    command: { type, sku: stock.id, orderId, quantity },
  }));
