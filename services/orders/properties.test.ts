import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { orderEvents, totalOf } from '../../contracts/events/order';
import { foldStream } from '../../lib/aggregate/loading';
import { PlatformError } from '../../lib/errors/errors';
import { selectStream } from '../../lib/eventlog/store';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { anyCommand, anyOrder } from '../../tests/support/order-commands';
import { seedProduct, seedUserProfile } from '../../tests/support/seeds';
import { details } from '../../tests/support/order-details';
import { evolve, order as aggregate, type Order, type OrderCommand, type OrderEvent, type OrderStatus } from './domain';
import { orderMigrations } from './migrations';
import { createOrdersService, type OrdersService } from './service';
import { listRowOf } from './store';
import type { OrderTables } from './tables';

const open = ['placed', 'in_review'] as const;
const anywhere = [...open, 'confirmed', 'shipped', 'delivered', 'returned', 'cancelled'] as const;

/** Where each event may happen, and the status after it; without one the status stays. */
const transitions: { [Type in OrderEvent['type']]: { from: readonly (OrderStatus | 'none')[]; to?: OrderStatus } } = {
  'order.created': { from: ['none'], to: 'placed' },
  'order.reduced': { from: open },
  'order.review_requested': { from: ['placed'], to: 'in_review' },
  'order.confirmed': { from: open, to: 'confirmed' },
  'order.cancellation_requested': { from: [...open, 'confirmed'] },
  'order.cancellation_declined': { from: [...open, 'confirmed'] },
  'order.cancelled': { from: [...open, 'confirmed'], to: 'cancelled' },
  'order.shipped': { from: ['confirmed'], to: 'shipped' },
  'order.delivered': { from: ['shipped'], to: 'delivered' },
  'order.attention_needed': { from: anywhere },
  'order.return_requested': { from: ['delivered'] },
  'order.returned': { from: ['delivered'], to: 'returned' },
};

/** How a command may be refused once there is an order. */
const refusalOf = ({ type }: OrderCommand): string => {
  switch (type) {
    case 'place':
      return 'version-conflict';
    case 'request-cancellation':
      return 'order-not-cancellable';
    case 'request-return':
      return 'order-not-returnable';
    default:
      return 'step-fenced';
  }
};

const foldAll = (events: readonly OrderEvent[], from?: Order) => events.reduce<Order | undefined>(evolve, from);

/** What is decided; nothing when it is refused, which must be with one code. */
function decided(command: OrderCommand, order: Order | undefined): OrderEvent[] {
  try {
    return aggregate.decide(command, order);
  } catch (error) {
    const code = error instanceof PlatformError ? error.code : error;
    expect({ command, code }).toEqual({ command, code: order ? refusalOf(command) : 'not-found' });
    return [];
  }
}

/** One more event is legal where the order is, and leads where it must. */
function happens(before: Order | undefined, event: OrderEvent): Order {
  const { from, to } = transitions[event.type];
  expect(from.map((status) => `${event.type} when ${status}`)).toContain(
    `${event.type} when ${before?.status ?? 'none'}`,
  );
  const after = evolve(before, event);
  expect(after.status).toBe(to ?? before?.status);
  expect(after.total).toEqual(after.items.length === 0 ? { ...after.total, amount: 0 } : totalOf(after.items));
  return after;
}

test('whatever is asked of an order, only what may happen happens, and the total is the sum of the lines', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(anyOrder, fc.array(anyCommand, { maxLength: 40, size: 'max' }), fc.nat(40), (placed, commands, cut) => {
      const events: OrderEvent[] = [];
      let order: Order | undefined;
      for (const command of [...commands.slice(0, 2), { type: 'place' as const, order: placed }, ...commands]) {
        const before = order;
        const next = decided(command, before);
        for (const event of next) order = happens(order, event);
        if (command.type !== 'place' && next.length > 0) expect(decided(command, order)).toEqual([]);
        events.push(...next);
      }
      for (const { type } of events) seen.add(type);
      expect(foldAll(events.slice(cut), foldAll(events.slice(0, cut)))).toEqual(order);
    }),
    { numRuns: 500, seed: 5 },
  );
  expect([...seen].sort()).toEqual(orderEvents.map(({ type }) => type as string).sort());
});

const userId = uuidv7();
let db: TestDatabase<OrderTables>;
let orders: OrdersService;

beforeAll(async () => {
  db = await createTestDatabase<OrderTables>(orderMigrations);
  const notifier = { notify: () => undefined };
  orders = createOrdersService({ details, database: db.database, notifier, clock: () => new Date(), ids: uuidv7 });
  await seedUserProfile(db.database.kysely, { user_id: userId, email: 'ada@example.com', name: 'Ada' });
  for (const sku of ['TEA-1', 'CUP-1'])
    await seedProduct(db.database.kysely, { sku, name: sku, amount: 1250, currency: 'EUR' });
});
afterAll(() => db.drop());

const request = {
  userId,
  items: [
    { sku: 'TEA-1', quantity: 2 },
    { sku: 'CUP-1', quantity: 1 },
  ],
  payment: { token: 'tok_ok' },
  shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  ifUnavailable: 'ship_rest' as const,
};

test('stored by several at once, the versions have no gaps, and the row is the fold of the stream', async () => {
  const rounds = fc.array(fc.array(anyCommand, { minLength: 1, maxLength: 4 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rounds, async (commands) => {
      const { orderId } = await orders.place(request, {
        actor: userId,
        key: uuidv7(),
        operation: 'POST /orders',
        requestHash: 'x',
      });
      for (const atOnce of commands) {
        const outcomes = await Promise.allSettled(atOnce.map((command) => orders.change(orderId, command)));
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(PlatformError);
      }
      const stream = await selectStream(db.database.kysely, aggregate.streamOf(orderId));
      expect(stream.map(({ version }) => version)).toEqual(stream.map((_, index) => index + 1));
      const row = await db.database.kysely
        .selectFrom('orders')
        .selectAll()
        .where('order_id', '=', orderId)
        .executeTakeFirst();
      expect(listRowOf(await foldStream(aggregate, db.database.kysely, orderId))).toEqual(row);
    }),
    { numRuns: 30, seed: 5 },
  );
});
