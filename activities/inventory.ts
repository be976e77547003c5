import type { InventoryActivities } from '../contracts/saga/activities';
import type { InventoryService } from '../services/inventory/service';
import { effectKey } from './effect-key';

type Steps = 'reserveStock' | 'releaseStock' | 'shipStock' | 'returnStock';

/** The steps that inventory carries out. */
export const createInventoryActivities = (inventory: Pick<InventoryService, Steps>): InventoryActivities => ({
  reserveStock: ({ orderId, items, ifUnavailable }) => {
    // The request of an order from before it could be chosen is what it was: a repeated effect must be the same.
    const policy = ifUnavailable === 'ship_rest' ? { ifUnavailable } : {};
    return inventory.reserveStock(effectKey(orderId, 'reserve'), { orderId, items, ...policy });
  },
  releaseStock: ({ orderId }) => inventory.releaseStock(effectKey(orderId, 'reserve'), { orderId }),
  shipStock: ({ orderId }) => inventory.shipStock(effectKey(orderId, 'ship'), { orderId }),
  returnStock: ({ orderId }) => inventory.returnStock(effectKey(orderId, 'return'), { orderId }),
});
