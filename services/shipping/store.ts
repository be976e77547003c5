import { sql, type Kysely } from 'kysely';
import { rowInsert } from '../../lib/db/row';
import type { Write } from '../../lib/db/together';
import { eventRows } from '../../lib/eventlog/append';
import { eventsInsert } from '../../lib/eventlog/store';
import { begin, evolve, type NewShipment, type Shipment, type ShipmentEvent } from './domain';
import type { ShipmentRow, ShippingTables } from './tables';

type Db = Kysely<ShippingTables>;

/** What writes a new shipment and its first event. */
export const shipmentInsert = (shipment: NewShipment, event: ShipmentEvent, now: Date): Write[] => [
  append(shipment.shipmentId, 0, event, now),
  rowInsert('shipments', rowOf(begin(shipment, event))),
];

/** What writes a shipment's next event and its row; it breaks when something else happened to the shipment meanwhile. */
export function shipmentUpdate(shipment: Shipment, event: ShipmentEvent, now: Date): Write[] {
  const { status, version } = evolve(shipment, event);
  return [
    append(shipment.shipmentId, shipment.version, event, now),
    sql`update shipments set status = ${status}, version = ${version} where shipment_id = ${shipment.shipmentId}`,
  ];
}

const append = (shipmentId: string, expectedVersion: number, event: ShipmentEvent, now: Date): Write =>
  eventsInsert(eventRows([{ stream: `shipment-${shipmentId}`, expectedVersion, events: [event] }], now));

export async function findShipment(db: Db, shipmentId: string): Promise<Shipment | undefined> {
  const row = await db.selectFrom('shipments').selectAll().where('shipment_id', '=', shipmentId).executeTakeFirst();
  return row && shipmentOf(row);
}

export async function shipmentsOfOrder(db: Db, orderId: string): Promise<Shipment[]> {
  const rows = await db.selectFrom('shipments').selectAll().where('order_id', '=', orderId).execute();
  return rows.map(shipmentOf);
}

const rowOf = (shipment: Shipment): ShipmentRow => ({
  shipment_id: shipment.shipmentId,
  order_id: shipment.orderId,
  user_id: shipment.userId,
  status: shipment.status,
  tracking_number: shipment.trackingNumber,
  version: shipment.version,
});

const shipmentOf = (row: ShipmentRow): Shipment => ({
  shipmentId: row.shipment_id,
  orderId: row.order_id,
  userId: row.user_id,
  status: row.status,
  trackingNumber: row.tracking_number,
  version: row.version,
});
