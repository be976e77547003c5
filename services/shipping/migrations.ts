import { sql, type Kysely, type Migration } from 'kysely';
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

/** A delivery that was reported before its dispatch. Not `not null`: processes of the version before write no such column. */
const deliveryReported: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table shipments add column delivery_reported boolean`.execute(db);
  },
};

/** Everything the shipping database holds: the log, the effects, the shipments. */
export const shippingMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...effectMigrations,
  shipping_0001_shipments: shipments,
  shipping_0002_delivery_reported: deliveryReported,
};
