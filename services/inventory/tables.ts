import type { EffectTables } from '../../lib/effects/tables';
import type { EventLogTables } from '../../lib/eventlog/tables';

export interface InventoryTables extends EventLogTables, EffectTables {
  /** The products; `version` is that of the stream `product-<sku>`. */
  products: { sku: string; name: string; amount: number; currency: string; version: number };
  /** Units by state; `version` is that of the stream `stock-<sku>`. */
  stock: { sku: string; version: number; available: number; reserved: number; shipped: number };
  /** Units reserved for an order, until they are released or shipped. */
  reservations: { order_id: string; sku: string; quantity: number };
}
