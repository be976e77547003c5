import type { InventoryActivities } from '../contracts/saga/activities';
import type { InventoryService } from '../services/inventory/service';
import { effectKey } from './effect-key';

/** The steps that inventory carries out. */
export const createInventoryActivities = (
  inventory: Pick<InventoryService, 'reserveStock' | 'releaseStock'>,
): InventoryActivities => ({
  reserveStock: ({ orderId, items }) => inventory.reserveStock(effectKey('reserve'), { orderId, items }),
  releaseStock: ({ orderId }) => inventory.releaseStock(effectKey('reserve'), { orderId }),
});
