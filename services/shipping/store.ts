import { sql, type Kysely, type Transaction } from 'kysely';
import { rowInsert } from '../../lib/db/row';
import type { Write } from '../../lib/db/together';
import { eventRows } from '../../lib/eventlog/append';
import { eventsInsert } from '../../lib/eventlog/store';
import { begin, evolve, type NewShipment, type Shipment, type ShipmentEvent } from './domain';
import type { ShipmentRow, ShippingTables } from './tables';

type Db = Kysely<ShippingTables>;

/** What writes a new shipment and its first event. */
export const shipmentInsert = (shipment: NewShipment, event: ShipmentEvent, now: Date): Write[] => [
  append(shipment.shipmentId, 0, [event], now),
  rowInsert('shipments', rowOf(begin(shipment, event))),
];

/** What writes a shipment's next events and its row; it breaks when something else happened to the shipment meanwhile. */
export function shipmentUpdate(shipment: Shipment, events: readonly ShipmentEvent[], now: Date): Write[] {
  const { shipmentId, status, version, deliveryReported } = events.reduce(evolve, shipment);
  return [
    append(shipmentId, shipment.version, events, now),
    sql`update shipments set status = ${status}, version = ${version}, delivery_reported = ${deliveryReported}
        where shipment_id = ${shipmentId}`,
  ];
}

const append = (shipmentId: string, expectedVersion: number, events: readonly ShipmentEvent[], now: Date): Write =>
  eventsInsert(eventRows([{ stream: `shipment-${shipmentId}`, expectedVersion, events }], now));

/** The shipment, held until the transaction ends, so that whoever else wants to change it waits. */
export async function lockShipment(
  trx: Transaction<ShippingTables>,
  shipmentId: string,
): Promise<Shipment | undefined> {
  const found = trx.selectFrom('shipments').selectAll().where('shipment_id', '=', shipmentId).forUpdate();
  const row = await found.executeTakeFirst();
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
  delivery_reported: shipment.deliveryReported,
});

const shipmentOf = (row: ShipmentRow): Shipment => ({
  shipmentId: row.shipment_id,
  orderId: row.order_id,
  userId: row.user_id,
  status: row.status,
  trackingNumber: row.tracking_number,
  version: row.version,
  deliveryReported: row.delivery_reported ?? false,
});
