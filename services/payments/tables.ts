import type { EffectTables } from '../../lib/effects/tables';
import type { EventLogTables } from '../../lib/eventlog/tables';
import type { PaymentStatus } from './domain';

/** One row per payment, written in the transaction of its events. */
export interface PaymentRow {
  payment_id: string;
  order_id: string;
  user_id: string;
  status: PaymentStatus;
  amount: number;
  currency: string;
  captured: number;
  refunded: number;
  version: number;
  /** The key of the authorisation at the gateway. */
  authorization_key: string;
}

export interface PaymentTables extends EventLogTables, EffectTables {
  payments: PaymentRow;
}
