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

/** Everything the shipping database holds: the log, the effects, the shipments. */
export const shippingMigrations: Record<string, Migration> = {
  ...eventLogMigrations,
  ...effectMigrations,
  shipping_0001_shipments: shipments,
};
