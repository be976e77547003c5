import type { PlacedOrder } from '../contracts/saga/order';
import type { Saga } from '../lib/saga/saga';
import { reduceOrder, releaseStock, reserveStock } from './steps';

/** Holds the stock; returns the order as it is then: without what was dropped, if the customer wants the rest. */
export async function reserve(saga: Saga, placed: PlacedOrder): Promise<PlacedOrder> {
  const held = await saga.step(reserveStock(placed), { undo: releaseStock(placed) });
  if (!held) return placed;
  const { total } = await saga.step(reduceOrder(placed, held.dropped));
  return { ...placed, total, items: placed.items.filter(({ sku }) => !held.dropped.includes(sku)) };
}
