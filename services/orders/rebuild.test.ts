import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { orderListQuery } from '../../contracts/http/orders';
import { projectionMigrations } from '../../lib/projections/migrations';
import { swapBack, rebuild } from '../../lib/projections/rebuild';
import type { ProjectionContext } from '../../lib/projections/projection';
import { verify } from '../../lib/projections/verify';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { writeOrders } from '../../tests/support/order-log';
import { seedProduct, seedUserProfile } from '../../tests/support/seeds';
import { details } from '../../tests/support/order-details';
import { orderMigrations } from './migrations';
import { orderList } from './read-models/order-list';
import { createOrdersService, type OrdersService } from './service';
import { ordersQuery } from './store';
import type { OrderTables } from './tables';

let db: TestDatabase<OrderTables>;
let context: ProjectionContext;
let orders: OrdersService;

beforeEach(async () => {
  db = await createTestDatabase<OrderTables>({ ...orderMigrations, ...projectionMigrations });
  const database = db.database as unknown as ProjectionContext['database'];
  context = { projection: orderList, database, log: database };
  const notifier = { notify: () => undefined };
  orders = createOrdersService({ details, database: db.database, notifier, clock: () => new Date(), ids: uuidv7 });
});
afterEach(() => db.drop());

const list = () => orders.list(orderListQuery.parse({ limit: 100 }));
const rows = async () => new Map((await list()).map((row) => [row.order_id, row]));
const run = (statement: string) => sql.raw(statement).execute(db.database.kysely);

test('a damaged row, a lost one and one too many are reported by their keys, and healed by a rebuild', async () => {
  await writeOrders(db.database.kysely, 50);
  await rebuild(context);
  const [changed, lost] = await list();
  const tooMany = randomUUID();
  await run(`update orders set total_amount = 1 where order_id = '${changed?.order_id ?? ''}'`);
  await run(`delete from orders where order_id = '${lost?.order_id ?? ''}'`);
  await run(`insert into orders select '${tooMany}', user_id, status, version, total_amount, currency, reason,
    placed_at, updated_at from orders limit 1`);

  const damaged = await rows();
  const { differences } = await verify(context);
  expect(differences.count).toBe(3);
  const byKey = new Map(differences.first.map((one) => [one.key['order_id'], one]));
  expect(byKey.get(changed?.order_id)).toMatchObject({
    live: { total_amount: 1 },
    rebuilt: { total_amount: changed?.total_amount },
  });
  expect(byKey.get(lost?.order_id)?.live).toBeUndefined();
  expect(byKey.get(tooMany)?.rebuilt).toBeUndefined();
  expect(await rows()).toEqual(damaged);

  expect((await rebuild(context)).differences.count).toBe(3);
  expect((await verify(context)).differences.count).toBe(0);
  expect((await rows()).get(changed?.order_id ?? '')).toEqual(changed);
});

test('the table from before can be gone back to, with what has happened since', async () => {
  await writeOrders(db.database.kysely, 50);
  await rebuild(context);
  await rebuild(context);
  const [newest] = await list();
  await orders.change(newest?.order_id ?? '', { type: 'cancel', reason: 'failed' });
  await swapBack(context);
  expect((await rows()).get(newest?.order_id ?? '')).toMatchObject({ status: 'cancelled', reason: 'failed' });
  expect((await verify(context)).differences.count).toBe(0);
});

/** A log that cannot be reached. */
const pool = () => Promise.reject(new Error('the log is away'));
const lostLog = { kysely: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }) };

test('a rebuild that fails where it begins leaves the table to go back to as it was', async () => {
  await writeOrders(db.database.kysely, 50);
  await rebuild(context);
  await rebuild(context);
  await expect(rebuild({ ...context, log: lostLog })).rejects.toThrow('the log is away');
  await swapBack(context);
  expect(await list()).toHaveLength(50);
  expect((await verify(context)).differences.count).toBe(0);
});

test('a rebuild that fails at its restart continues where the one before was', async () => {
  await writeOrders(db.database.kysely, 8_000);
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }): void => {
    if (done > 4_000) stop.abort();
  };
  await expect(rebuild(context, { signal: stop.signal, onProgress })).rejects.toThrow('aborted');
  await expect(rebuild({ ...context, log: lostLog }, { restart: true })).rejects.toThrow('the log is away');
  await rebuild(context);
  expect((await verify(context)).differences.count).toBe(0);
});

test('what is deleted from the table is deleted from the one that is kept', async () => {
  await writeOrders(db.database.kysely, 50);
  await rebuild(context);
  await rebuild(context);
  const [newest] = await list();
  await run(`delete from orders where order_id = '${newest?.order_id ?? ''}'`);
  const kept = await sql<{ count: number }>`
    select count(*)::int as count from aside_order_list.orders`.execute(db.database.kysely);
  expect(kept.rows).toEqual([{ count: 49 }]);
});

test('the indexes keep their names, so that plans and refusals are the same', async () => {
  const names = async () => {
    const { rows: found } = await sql<{ name: string }>`
      select indexname as name from pg_indexes where schemaname = 'public' and tablename = 'orders'
      order by 1`.execute(db.database.kysely);
    return found.map(({ name }) => name);
  };
  const before = await names();
  await rebuild(context);
  await rebuild(context);
  expect(await names()).toEqual(before);
});

test('a second rebuild at the same time is refused, and so is going back to nothing', async () => {
  await writeOrders(db.database.kysely, 2_000);
  await expect(swapBack(context)).rejects.toThrow('has no previous table to swap back to');
  const both = await Promise.allSettled([rebuild(context), rebuild(context)]);
  // Whichever was first.
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = both.find((one) => one.status === 'rejected');
  expect(refused?.reason).toMatchObject({
    message: expect.stringContaining('is being rebuilt or verified by another process'),
  });
});

test("a rebuild and a verification keep out of each other's way; two verifications do not", async () => {
  await writeOrders(db.database.kysely, 50);
  const during = async (run: (onProgress: () => void) => Promise<unknown>, other: () => Promise<unknown>) => {
    let met: Promise<PromiseSettledResult<unknown>[]> | undefined;
    await run(() => void (met ??= Promise.allSettled([other()])));
    return (await met)?.[0];
  };
  const rebuilding = (onProgress: () => void) => rebuild(context, { onProgress });
  const verifying = (onProgress: () => void) => verify(context, { onProgress });
  const refused = { status: 'rejected', reason: { code: 'conflict' } };
  expect(await during(rebuilding, () => verify(context))).toMatchObject(refused);
  expect(await during(verifying, () => rebuild(context))).toMatchObject(refused);
  expect(await during(verifying, () => verify(context))).toMatchObject({ status: 'fulfilled' });
  await rebuild(context);
});

test('while a rebuild waits for a long reader, others read on', async () => {
  await writeOrders(db.database.kysely, 50);
  await rebuild(context);
  const reading = new AbortController();
  const longRead = db.database.kysely.transaction().execute(async (trx) => {
    await sql`select from orders`.execute(trx);
    await new Promise((resolve) => reading.signal.addEventListener('abort', resolve));
  });
  const rebuilt = rebuild(context);
  const waiting = sql`select from pg_locks where relation = 'orders'::regclass and mode = 'AccessExclusiveLock'`;
  await eventually(async () => expect((await waiting.execute(db.database.kysely)).rows).toHaveLength(1));
  // It would wait for the one that waits for the long one, which goes on.
  expect(await list()).toHaveLength(50);
  reading.abort();
  await longRead;
  expect((await rebuilt).differences.count).toBe(0);
});

test('the planner knows a rebuilt table from the first read on', async () => {
  await writeOrders(db.database.kysely, 10_000);
  await rebuild(context);
  const query = ordersQuery(db.database.kysely, orderListQuery.parse({ status: 'cancelled' })).clearLimit();
  const { rows: plans } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) ${query}`.execute(db.database.kysely);
  const expected = plans[0]?.['QUERY PLAN'][0].Plan['Plan Rows'];
  // 1,000 are cancelled; without having looked the planner thinks of few.
  expect(expected).toBeGreaterThan(800);
  expect(expected).toBeLessThan(1_200);
});

test('a rebuild that is stopped goes on where it was', async () => {
  await writeOrders(db.database.kysely, 8_000);
  const stop = new AbortController();
  let stoppedAt = 0;
  const stopped = rebuild(context, {
    signal: stop.signal,
    onProgress: ({ done }) => {
      stoppedAt = done;
      if (done > 4_000) stop.abort();
    },
  });
  await expect(stopped).rejects.toThrow('aborted');
  expect(await list()).toEqual([]);
  let first = 0;
  const { events, differences } = await rebuild(context, { onProgress: ({ done }) => (first ||= done) });
  expect(first).toBeGreaterThan(stoppedAt);
  expect(events).toBe(12_800);
  expect(differences.count).toBe(8_000);
  expect((await verify(context)).differences.count).toBe(0);
});

test('an event that the projection cannot take is named, and the table that is read stays', async () => {
  await writeOrders(db.database.kysely, 50);
  await rebuild(context);
  const before = await rows();
  const [newest] = before.keys();
  await run(`update events set data = '{}' where stream = 'order-${newest ?? ''}' and version = 1`);
  await expect(rebuild(context)).rejects.toThrow(
    new RegExp(`order-list cannot apply order.created [-0-9a-f]+, version 1 of order-${newest ?? ''}`),
  );
  expect(await rows()).toEqual(before);
});

test('tens of thousands of orders are rebuilt under a load of new ones: no read fails, no row differs', async () => {
  await writeOrders(db.database.kysely, 24_000);
  await rebuild(context);
  const userId = uuidv7();
  await seedUserProfile(db.database.kysely, { user_id: userId, email: 'ada@example.com', name: 'Ada' });
  await seedProduct(db.database.kysely, { sku: 'TEA-1', name: 'Green tea', amount: 1250, currency: 'EUR' });
  const load = startLoad(orders, userId);
  const { differences, events } = await rebuild(context).finally(() => load.stop());
  const { reads, changes, failures } = await load.stop();
  expect(failures).toEqual([]);
  // That there was a load: how much of it depends on the machine.
  expect(reads).toBeGreaterThan(10);
  expect(changes).toBeGreaterThan(10);
  expect(events).toBeGreaterThanOrEqual(38_400);
  expect(differences).toEqual({ count: 0, first: [] });
  expect((await verify(context)).differences).toEqual({ count: 0, first: [] });
}, 600_000);

/** Places orders, ends them and reads the list, again and again, until it is stopped or has failed too often. */
function startLoad(service: OrdersService, userId: string) {
  const counts = { reads: 0, changes: 0, failures: [] as unknown[] };
  let stopped = false;
  const loop = async (step: () => Promise<unknown>, counted: 'reads' | 'changes'): Promise<void> => {
    while (!stopped && counts.failures.length < 100) {
      await step().then(
        () => (counts[counted] += 1),
        (error: unknown) => counts.failures.push(error),
      );
      // Without it, on two processors, the load leaves the rebuild too little.
      await sleep(5);
    }
  };
  const change = async () => {
    const request = {
      userId,
      items: [{ sku: 'TEA-1', quantity: 1 }],
      payment: { token: 'tok_ok' },
      shippingAddress: { name: 'Ada', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
      ifUnavailable: 'cancel' as const,
    };
    const { orderId } = await service.place(request, {
      actor: userId,
      key: uuidv7(),
      operation: 'POST /orders',
      requestHash: 'load',
    });
    await (counts.changes % 3 === 0
      ? service.change(orderId, { type: 'cancel', reason: 'failed' })
      : service.change(orderId, { type: 'confirm' }));
  };
  const loops = [
    loop(() => service.list(orderListQuery.parse({ userId, limit: 20 })), 'reads'),
    loop(() => service.list(orderListQuery.parse({ status: 'confirmed', limit: 100 })), 'reads'),
    loop(change, 'changes'),
    loop(change, 'changes'),
  ];
  return {
    async stop() {
      stopped = true;
      await Promise.all(loops);
      return counts;
    },
  };
}
