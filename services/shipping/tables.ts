import type { EffectTables } from '../../lib/effects/tables';
import type { EventLogTables } from '../../lib/eventlog/tables';
import type { CarrierTables } from './carrier/store';
import type { ShipmentStatus } from './domain';

/** One row per shipment, written in the transaction of its events. */
export interface ShipmentRow {
  shipment_id: string;
  order_id: string;
  user_id: string;
  status: ShipmentStatus;
  tracking_number: string;
  version: number;
  delivery_reported: boolean | null;
}

export interface ShippingTables extends EventLogTables, EffectTables, CarrierTables {
  shipments: ShipmentRow;
}
