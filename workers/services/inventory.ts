import { createInventoryActivities } from '../../activities/inventory';
import { exchanges } from '../../contracts/events';
import { inventoryMigrations } from '../../services/inventory/migrations';
import { productList, reservations, stock } from '../../services/inventory/read-models/products-and-stock';
import { createInventoryRoutes } from '../../services/inventory/routes';
import { createInventoryService } from '../../services/inventory/service';
import type { InventoryTables } from '../../services/inventory/tables';
import { defineService } from '../service';

export const inventoryService = defineService<InventoryTables>({
  name: 'inventory',
  consumer: 'inventory-service',
  exchange: exchanges.inventory,
  migrations: inventoryMigrations,
  projections: [productList, stock, reservations],
  compose: (context) => {
    const inventory = createInventoryService(context);
    return {
      routes: createInventoryRoutes(inventory),
      activities: createInventoryActivities(inventory),
    };
  },
});
