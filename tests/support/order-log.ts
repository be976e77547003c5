import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';

/**
 * Writes so many orders into a log, eight events for five of them: each is placed, every second confirmed, every
 * tenth cancelled. Made by the database itself, because tests want hundreds of thousands.
 */
export async function writeOrders(db: Queryable, count: number): Promise<void> {
  await sql`
    with wanted as (
      select i, (lpad(to_hex(1780000000000 + i), 12, '0') || '7000' || lpad(to_hex(i), 16, '8'))::uuid as order_id,
        ('00000000-0000-7000-8000-' || lpad((i % 1000)::text, 12, '0'))::uuid as user_id,
        to_timestamp((1780000000000 + i) / 1000.0) as time
      from generate_series(1::bigint, ${count}::bigint) as i
    ), happened as (
      select i, order_id, time, 1 as version, 'order.created' as type, 1 as data_version, jsonb_build_object(
        'orderId', order_id, 'userId', user_id, 'total', jsonb_build_object('amount', 100 + i % 900, 'currency', 'EUR'),
        'items', jsonb_build_array(jsonb_build_object('sku', 'TEA-1', 'name', 'Green tea', 'quantity', 1,
          'price', jsonb_build_object('amount', 100 + i % 900, 'currency', 'EUR'))),
        'payment', jsonb_build_object('token', 'tok_ok'),
        'shippingAddress', jsonb_build_object('name', 'Ada', 'line1', '1 Saga Street', 'city', 'Berlin',
          'postalCode', '10115', 'country', 'DE')) as data from wanted
      union all
      select i, order_id, time, 2, 'order.confirmed', 1, jsonb_build_object('orderId', order_id) from wanted
      where i % 2 = 0
      union all
      select i, order_id, time, 2, 'order.cancelled', 1,
        jsonb_build_object('orderId', order_id, 'reason', 'out-of-stock') from wanted where i % 10 = 1
    )
    insert into events (event_id, stream, version, type, data_version, data, metadata, time)
    select gen_random_uuid(), 'order-' || order_id, version, type, data_version, data, '{"correlationId": "made"}', time
    from happened order by i, version`.execute(db);
  await sql`analyze events`.execute(db);
}
