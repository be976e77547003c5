import type { EventLogTables } from '../../lib/eventlog/tables';
import type { OrderStatus } from './domain';

/** The list view: one row per order, written in the transaction of its events. */
export interface OrderRow {
  order_id: string;
  user_id: string;
  status: OrderStatus;
  version: number;
  total_amount: number;
  currency: string;
  reason: string | null;
  placed_at: Date;
  updated_at: Date;
}

export interface OrderTables extends EventLogTables {
  orders: OrderRow;
  user_profiles: { user_id: string; email: string; name: string };
  products: { sku: string; name: string; amount: number; currency: string };
}
