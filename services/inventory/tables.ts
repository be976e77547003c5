import type { EffectTables } from '../../lib/effects/tables';
import type { EventLogTables } from '../../lib/eventlog/tables';

export interface InventoryTables extends EventLogTables, EffectTables {
  /** What is sold; `version` is that of the stream `product-<sku>`. */
  products: { sku: string; name: string; amount: number; currency: string; version: number };
  /** Where the pieces are; `version` is that of the stream `stock-<sku>`. */
  stock: { sku: string; version: number; available: number; reserved: number; shipped: number };
  /** Which pieces are held for which order: gone when they are released. */
  reservations: { order_id: string; sku: string; quantity: number };
}
