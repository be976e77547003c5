import { sql, type Kysely, type Transaction } from 'kysely';
import { createHandler, type Change } from '../../lib/aggregate/handle';
import { locked, type StoredState } from '../../lib/aggregate/loading';
import { rowInsert, type Write } from '../../lib/db/writes';
import { shipment, type KnownShipment, type Report, type Shipment, type ShipmentCommand } from './domain';
import type { ShipmentRow, ShippingTables } from './tables';

type Db = Kysely<ShippingTables>;
type Trx = Transaction<ShippingTables>;

/** A shipment with its user, which its events do not say. */
export type ListedShipment = Shipment & { userId: string };

/** Commands to one shipment run one after another: each locks its row. */
export const shipments = createHandler(shipment, {
  loading: locked(lockShipments),
  rows: (changes) => changes.flatMap(rowWrite),
});

async function lockShipments(trx: Db, ids: readonly string[]): Promise<StoredState<KnownShipment>[]> {
  const found = trx.selectFrom('shipments').selectAll().where('shipment_id', 'in', ids).orderBy('shipment_id');
  return (await found.forUpdate().execute()).map(storedShipment);
}

/** Locks a shipment as a command does, and stores the carrier's report, whether or not it leads to an event now. */
export async function lockWithReport(
  trx: Trx,
  shipmentId: string,
  report: Report,
): Promise<StoredState<KnownShipment> | undefined> {
  const delivered = sql<boolean>`coalesce(delivery_reported, false) or ${report === 'delivered'}`;
  const kept = trx.updateTable('shipments').set({ delivery_reported: delivered }).where('shipment_id', '=', shipmentId);
  const row = await kept.returningAll().executeTakeFirst();
  return row && storedShipment(row);
}

function rowWrite({ command, after }: Change<ShipmentCommand, KnownShipment, unknown>): Write[] {
  if (!after.state) return [];
  const { shipmentId, orderId, status, trackingNumber } = after.state;
  if (command.type !== 'book')
    return [sql`update shipments set status = ${status}, version = ${after.version} where shipment_id = ${shipmentId}`];
  const row: ShipmentRow = {
    shipment_id: shipmentId,
    order_id: orderId,
    user_id: command.userId,
    status,
    tracking_number: trackingNumber,
    version: after.version,
    delivery_reported: false,
  };
  return [rowInsert('shipments', row)];
}

export async function shipmentsOfOrder(db: Db, orderId: string): Promise<ListedShipment[]> {
  const rows = await db.selectFrom('shipments').selectAll().where('order_id', '=', orderId).execute();
  return rows.map((row) => ({ ...shipmentOf(row), userId: row.user_id }));
}

export async function findShipment(db: Db, shipmentId: string): Promise<ListedShipment | undefined> {
  const row = await db.selectFrom('shipments').selectAll().where('shipment_id', '=', shipmentId).executeTakeFirst();
  return row && { ...shipmentOf(row), userId: row.user_id };
}

const storedShipment = (row: ShipmentRow): StoredState<KnownShipment> => ({
  id: row.shipment_id,
  state: { ...shipmentOf(row), deliveryReported: row.delivery_reported ?? false },
  version: row.version,
});

const shipmentOf = (row: ShipmentRow): Shipment => ({
  shipmentId: row.shipment_id,
  orderId: row.order_id,
  status: row.status,
  trackingNumber: row.tracking_number,
});
