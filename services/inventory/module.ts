import { exchanges } from '../../contracts/events';
import { createKeyExpiry } from '../../lib/http/idempotency/expiry';
import { defineService } from '../../lib/service/define-service';
import { inventoryMigrations } from './migrations';
import { productList } from './read-models/product-list';
import { reservations } from './read-models/reservations';
import { stock } from './read-models/stock';
import { createInventoryRoutes } from './routes';
import { createInventoryService } from './service';
import type { InventoryTables } from './tables';
import { traceInventory } from './trace';

export const inventoryModule = defineService<InventoryTables>()({
  name: 'inventory',
  consumer: 'inventory-service',
  exchange: exchanges.inventory,
  migrations: inventoryMigrations,
  projections: [productList, stock, reservations],
  trace: ({ database }) => [traceInventory(database.kysely)],
  compose: (context) => {
    const inventory = createInventoryService(context);
    return {
      service: inventory,
      routes: createInventoryRoutes(inventory),
      background: createKeyExpiry({ ...context, db: context.database.kysely }),
    };
  },
});
