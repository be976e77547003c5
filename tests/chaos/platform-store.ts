import { sql, type Kysely } from 'kysely';
import type { PublishableEvent } from '../../lib/events/envelope';
import type { Published } from './history';

// What the platform's databases hold, read as an auditor does: across services.

type Db = Kysely<unknown>;

/** Everything a log ever took in. */
export async function selectPublished(db: Db): Promise<Published[]> {
  const { rows } = await sql<Published>`select event_id as id, stream, version from events`.execute(db);
  return rows;
}

/** The newest events, some of which the relay may not have published yet. */
export async function selectNewest(db: Db, limit: number): Promise<PublishableEvent[]> {
  const { rows } = await sql<PublishableEvent>`
    select event_id as id, stream, version, type, data_version as "dataVersion", data::text as data, metadata, time
    from events order by xid desc, position desc limit ${limit}`.execute(db);
  return rows;
}

/** Any events. */
export async function selectSome(db: Db, limit: number, offset: number): Promise<PublishableEvent[]> {
  const { rows } = await sql<PublishableEvent>`
    select event_id as id, stream, version, type, data_version as "dataVersion", data::text as data, metadata, time
    from events order by position offset ${offset} limit ${limit}`.execute(db);
  return rows;
}

/** How many events a log has. */
export async function countEvents(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from events`.execute(db);
  return rows[0]?.count ?? 0;
}

/** How many orders there are in each state. */
export async function countOrders(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from orders group by status`.execute(db);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

export interface OrderEnd {
  orderId: string;
  status: string;
  total: number;
}
export async function selectOrders(db: Db): Promise<OrderEnd[]> {
  const { rows } = await sql<OrderEnd>`
    select order_id as "orderId", status, total_amount::int as total from orders`.execute(db);
  return rows;
}

export interface PaymentEnd {
  orderId: string;
  status: string;
  captured: number;
  refunded: number;
}
export async function selectPayments(db: Db): Promise<PaymentEnd[]> {
  const { rows } = await sql<PaymentEnd>`
    select order_id as "orderId", status, captured::int, refunded::int from payments`.execute(db);
  return rows;
}

export interface StockEnd {
  sku: string;
  available: number;
  reserved: number;
  shipped: number;
}
export async function selectStock(db: Db): Promise<StockEnd[]> {
  const { rows } = await sql<StockEnd>`select sku, available, reserved, shipped from stock`.execute(db);
  return rows;
}

/** What is held for each order. */
export async function selectReserved(db: Db): Promise<{ orderId: string; quantity: number }[]> {
  const { rows } = await sql<{ orderId: string; quantity: number }>`
    select order_id as "orderId", quantity from reservations`.execute(db);
  return rows;
}

export interface Unfinished {
  orderId: string;
  status: string;
  /** Which of the customers' orders it is: ids are made by chance, this is the same for the same seed. */
  number: number;
}
/** Orders of which more is to come: all but those that are cancelled, or back. */
export async function selectUnfinished(db: Db): Promise<Unfinished[]> {
  const { rows } = await sql<Unfinished>`
    select order_id as "orderId", status, (
      select split_part(metadata->>'correlationId', '-', 2)::int from events
      where stream = 'order-' || order_id and version = 1
    ) as number
    from orders where status not in ('cancelled', 'returned')`.execute(db);
  return rows;
}

export async function selectShipments(db: Db, orderId: string): Promise<{ shipmentId: string }[]> {
  const { rows } = await sql<{ shipmentId: string }>`
    select shipment_id as "shipmentId" from shipments where order_id = ${orderId}::uuid`.execute(db);
  return rows;
}
