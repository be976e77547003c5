import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { randomUUID } from 'node:crypto';
import pg from 'pg';

/*
 * The limit for `POST /orders`: Hono and pg, the same three rows in one statement, and nothing else.
 * No validation, no token, no read models, no logs, no metrics.
 */
const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'], max: 20 });

const insert = {
  name: 'place',
  text: `with fresh as (
      insert into idempotency_keys (actor, key, request_hash, order_id, response, created_at)
      values ($1, $2, '', $3, $4, now()) on conflict do nothing returning order_id
    ), recorded as (
      insert into events (event_id, stream, version, type, data_version, data, metadata)
      select $5, 'order-' || $3, 1, 'order.created', 1, $4, '{}' from fresh
    )
    insert into orders (order_id, user_id, status, version, total_amount, currency, placed_at, updated_at)
    select $3, $6, 'placed', 1, 2500, 'EUR', now(), now() from fresh`,
};

const app = new Hono();
app.post('/orders', async (c) => {
  const order = await c.req.json<{ userId: string }>();
  const orderId = randomUUID();
  const values = ['bench', c.req.header('idempotency-key'), orderId, JSON.stringify(order), randomUUID(), order.userId];
  await pool.query({ ...insert, values });
  return c.json({ orderId, status: 'placed' }, 202);
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT']) }, () => process.send?.('ready'));
