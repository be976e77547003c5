import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';
import type { OrderBooks, StockBooks } from './compare';

// Raw SQL: every service's database is read by ranges of order ids.

/** The orders after one id, up to and including another; the last range has no end. */
export interface Range {
  after: string;
  upTo: string | undefined;
}

/** Before every order id, and after each of them. */
export const firstId = '00000000-0000-0000-0000-000000000000';
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const within = ({ after, upTo = lastId }: Range) => sql`order_id > ${after}::uuid and order_id <= ${upTo}::uuid`;

export interface ComparedOrder {
  orderId: string;
  status: string;
  total: number;
  /** A cancellation was requested, and is not carried out yet. */
  cancelling: boolean;
  /** Unchanged for a while, so that no step is in progress. */
  settled: boolean;
}

/** The next orders by their ids. */
export async function selectOrders(
  db: Queryable,
  after: string,
  limit: number,
  settleMs: number,
): Promise<ComparedOrder[]> {
  const { rows } = await sql<ComparedOrder>`
    select order_id as "orderId", status, total_amount as total,
      updated_at < now() - ${settleMs} * interval '1 millisecond' as settled,
      status in ('placed', 'in_review', 'confirmed') and exists (
        select from events where stream = 'order-' || order_id
        group by stream
        having count(*) filter (where type = 'order.cancellation_requested')
          > count(*) filter (where type = 'order.cancellation_declined')
      ) as cancelling
    from orders where order_id > ${after}::uuid order by order_id limit ${limit}`.execute(db);
  return rows;
}

type Part<Name extends keyof OrderBooks> = { orderId: string } & Required<Pick<OrderBooks, Name>>;

export async function selectPayments(db: Queryable, range: Range): Promise<Part<'payment'>[]> {
  const { rows } = await sql<{ orderId: string; status: string; captured: number; refunded: number }>`
    select order_id as "orderId", status, captured, refunded from payments where ${within(range)}`.execute(db);
  return rows.map(({ orderId, ...payment }) => ({ orderId, payment }));
}

export async function selectShipments(db: Queryable, range: Range): Promise<Part<'shipment'>[]> {
  const { rows } = await sql<{ orderId: string; status: string }>`
    select order_id as "orderId", status from shipments where ${within(range)}`.execute(db);
  return rows.map(({ orderId, ...shipment }) => ({ orderId, shipment }));
}

export async function selectReserved(db: Queryable, range: Range): Promise<Part<'reserved'>[]> {
  const { rows } = await sql<Part<'reserved'>>`
    select order_id as "orderId", sum(quantity)::int as reserved from reservations
    where ${within(range)} group by order_id`.execute(db);
  return rows;
}

/** The gateway's keys are the effect keys: `order/<orderId>/<step>`. */
export async function selectGateway(db: Queryable, range: Range): Promise<Part<'gateway'>[]> {
  const { rows } = await sql<{ orderId: string; charged: number; held: number }>`
    with operation as (
      select split_part(key, '/', 2)::uuid as order_id, key, authorization_key, kind, amount
      from operations where outcome = 'approved' and key like 'order/%'
    ), inside as (select * from operation where ${within(range)})
    select order_id as "orderId",
      coalesce(sum(amount) filter (where kind = 'capture'), 0)::bigint as charged,
      coalesce(sum(amount) filter (where kind = 'authorization' and not exists (
        select from inside c where c.kind = 'capture' and c.authorization_key = inside.key
      )), 0)::bigint as held
    from inside group by order_id`.execute(db);
  return rows.map(({ orderId, ...gateway }) => ({ orderId, gateway }));
}

/** The carrier's keys, too. They can be read only because the carrier is simulated. */
export async function selectCarrier(db: Queryable, range: Range): Promise<Part<'carrier'>[]> {
  const { rows } = await sql<{ orderId: string }>`
    with booking as (
      select split_part(key, '/', 2)::uuid as order_id
      from simulated_carrier_bookings where outcome = 'booked' and key like 'order/%'
    )
    select order_id as "orderId" from booking where ${within(range)}`.execute(db);
  return rows.map(({ orderId }) => ({ orderId, carrier: { booked: true } }));
}

export async function selectStock(db: Queryable): Promise<StockBooks[]> {
  const { rows } = await sql<StockBooks>`
    select s.sku, s.reserved, coalesce(sum(r.quantity), 0)::bigint as reservations
    from stock s left join reservations r on r.sku = s.sku group by s.sku, s.reserved`.execute(db);
  return rows;
}
