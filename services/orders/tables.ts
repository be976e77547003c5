import type { Generated } from 'kysely';
import type { EventLogTables } from '../../lib/eventlog/tables';
import type { OrderStatus } from './domain';

/** The list view: one row an order, written in the transaction of its events. */
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
  idempotency_keys: {
    actor: string;
    key: string;
    operation: Generated<string>;
    request_hash: string;
    order_id: string;
    response: unknown;
    created_at: Date;
  };
  user_profiles: { user_id: string; email: string; name: string };
  products: { sku: string; name: string; amount: number; currency: string };
}
