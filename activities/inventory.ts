import type { InventoryActivities } from '../contracts/saga/activities';
import type { InventoryService } from '../services/inventory/service';
import { effectKey } from '../contracts/saga/order';

type Steps = 'reserveStock' | 'releaseStock' | 'shipStock' | 'returnStock';

/** The steps that inventory carries out. */
export const createInventoryActivities = (inventory: Pick<InventoryService, Steps>): InventoryActivities => ({
  reserveStock: ({ orderId, items, ifUnavailable }) => {
    // Absent for orders from before there was a choice: a repeated effect needs the same request.
    const policy = ifUnavailable === 'ship_rest' ? { ifUnavailable } : {};
    return inventory.reserveStock(effectKey(orderId, 'reserve'), { orderId, items, ...policy });
  },
  releaseStock: ({ orderId }) => inventory.releaseStock(effectKey(orderId, 'reserve'), { orderId }),
  shipStock: ({ orderId }) => inventory.shipStock(effectKey(orderId, 'ship'), { orderId }),
  returnStock: ({ orderId }) => inventory.returnStock(effectKey(orderId, 'return'), { orderId }),
});
