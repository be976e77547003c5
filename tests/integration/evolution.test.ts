import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import { orderCreated, toPlacedOrder } from '../../contracts/events/order';
import { detailsOf } from '../../contracts/order-details';
import { UnknownEventVersion } from '../../lib/events/define';
import { appendEvents } from '../../lib/eventlog/store';
import { order } from '../../services/orders/domain';
import { loadOrder } from '../../services/orders/service';
import { orderMigrations } from '../../services/orders/migrations';
import type { OrderTables } from '../../services/orders/tables';
import { createTestDatabase, type TestDatabase } from '../lib-support/database';
import { details } from '../support/order-details';

/** An order in version 1 of `order.created`, when lines had no total of their own. */
const released = JSON.parse(readFileSync('contracts/released/order.created.v1.json', 'utf8')) as {
  example: Record<string, unknown> & { items: Record<string, unknown>[] };
};

let db: TestDatabase<OrderTables>;
beforeAll(async () => {
  db = await createTestDatabase<OrderTables>(orderMigrations);
});
afterAll(() => db.drop());

test('an order that was stored in version 1 is rebuilt, with what version 2 knows', async () => {
  expect(released.example.items[0]).not.toHaveProperty('lineTotal');
  const orderId = uuidv7();
  const written = { type: 'order.created', dataVersion: 1, data: { ...released.example, orderId } };
  await appendEvents(db.database.kysely, [{ stream: order.streamOf(orderId), expectedVersion: 0, events: [written] }]);
  const folded = await loadOrder(db.database.kysely, orderId);
  expect(folded?.order).toMatchObject({
    orderId,
    status: 'placed',
    items: [{ sku: 'TEA-1', quantity: 2, lineTotal: { amount: 2500, currency: 'EUR' } }],
  });
});

test('what a saga needs can be read from a message of version 1', () => {
  expect(toPlacedOrder(orderCreated.parse(1, released.example))).toMatchObject({
    orderId: released.example['orderId'],
    items: [{ sku: 'TEA-1', quantity: 2 }],
    total: { amount: 2500, currency: 'EUR' },
  });
});

test('the payment token and the address of an order of version 1 are read like sealed ones', () => {
  const placed = toPlacedOrder(orderCreated.parse(1, released.example));
  expect(placed).not.toHaveProperty('shippingAddress');
  const { payment, shippingAddress } = released.example;
  expect(detailsOf(placed, details)).toEqual({ payment, shippingAddress });
});

test('new orders are written in the newest version; a version from the future waits for a deploy', () => {
  expect(orderCreated(orderCreated.example).dataVersion).toBe(4);
  expect(() => orderCreated.parse(5, orderCreated.example)).toThrow(UnknownEventVersion);
});
