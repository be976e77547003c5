import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { effectMigrations } from '../../lib/effects/migrations';
import { eventLogMigrations } from '../../lib/eventlog/migrations';

const shipments: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table shipments (
        shipment_id uuid primary key,
        order_id uuid not null,
        user_id uuid not null,
        status text not null,
        tracking_number text not null,
        version int not null
      )`.execute(db);
    await sql`create index shipments_of_order on shipments (order_id)`.execute(db);
  },
};

/** A delivery that was reported before its dispatch. Nullable: processes of the release before do not write the column. */
const deliveryReported: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table shipments add column delivery_reported boolean`.execute(db);
  },
};

/**
 * The records of the simulated carrier; nothing else reads the table, and with a real carrier it is not needed. Shipments
 * from before this migration are entered as if it had recorded them.
 */
const simulatedCarrier: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table simulated_carrier_bookings (
        key text primary key,
        shipment_id uuid,
        outcome text not null check (outcome in ('booked', 'refused', 'cancelled')),
        reason text,
        tracking_number text,
        calls int not null default 1
      )`.execute(db);
    await sql`
      insert into simulated_carrier_bookings (key, shipment_id, outcome, tracking_number)
      select 'order/' || order_id || '/book', shipment_id,
        case status when 'cancelled' then 'cancelled' else 'booked' end, tracking_number
      from shipments
      on conflict do nothing`.execute(db);
  },
};

/** Everything the shipping database holds: the log, the effects, the shipments. */
export const shippingMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...effectMigrations,
  shipping_0001_shipments: shipments,
  shipping_0002_delivery_reported: deliveryReported,
  shipping_0003_simulated_carrier: simulatedCarrier,
};
