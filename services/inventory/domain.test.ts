import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { productChanged, stockReleased, stockReserved } from '../../contracts/events/inventory';
import {
  decideAdjustment,
  decideChange,
  decideRelease,
  decideReservation,
  evolveStock,
  type Product,
  type Stock,
  type StockEvent,
} from './domain';

const orderId = '0192f3a0-0000-7000-8000-00000000000a';
const stock = (sku: string, available: number, reserved = 0): Stock => ({
  sku,
  version: 1,
  available,
  reserved,
  shipped: 0,
});
const tea: Product = { sku: 'TEA-1', name: 'Green tea', price: { amount: 1250, currency: 'EUR' }, version: 1 };

test('a reservation holds every item', () => {
  const stocks = [stock('CUP-1', 3), stock('TEA-1', 5)];
  const items = [
    { sku: 'TEA-1', quantity: 5 },
    { sku: 'CUP-1', quantity: 1 },
  ];
  expect(decideReservation(stocks, orderId, items).changes.map(({ event }) => event)).toEqual([
    stockReserved({ sku: 'TEA-1', orderId, quantity: 5 }),
    stockReserved({ sku: 'CUP-1', orderId, quantity: 1 }),
  ]);
});

test('what is there is held when the customer wants the rest; nothing at all is a refusal', () => {
  const stocks = [stock('CUP-1', 0), stock('TEA-1', 5)];
  const [tea5, cup1] = [
    { sku: 'TEA-1', quantity: 5 },
    { sku: 'CUP-1', quantity: 1 },
  ];
  const { changes, dropped } = decideReservation(stocks, orderId, [tea5, cup1], 'ship_rest');
  expect(changes.map(({ event }) => event)).toEqual([stockReserved({ sku: 'TEA-1', orderId, quantity: 5 })]);
  expect(dropped).toEqual(['CUP-1']);
  expect(() => decideReservation(stocks, orderId, [cup1], 'ship_rest')).toThrow(
    expect.objectContaining({ code: 'out-of-stock' }),
  );
});

test('a reservation is refused when anything is short, and names all that is', () => {
  const stocks = [stock('CUP-1', 0), stock('POT-1', 9), stock('TEA-1', 2)];
  const items = [
    { sku: 'TEA-1', quantity: 5 },
    { sku: 'POT-1', quantity: 9 },
    { sku: 'CUP-1', quantity: 1 },
  ];
  expect(() => decideReservation(stocks, orderId, items)).toThrow(
    expect.objectContaining({
      code: 'out-of-stock',
      message: 'TEA-1: 5 wanted, 2 available; CUP-1: 1 wanted, 0 available',
    }),
  );
});

test('a reservation of what nobody sells is refused', () => {
  expect(() => decideReservation([], orderId, [{ sku: 'TEA-1', quantity: 1 }])).toThrow(
    expect.objectContaining({ code: 'unknown-product' }),
  );
});

test('free pieces can go, reserved ones stay', () => {
  expect(decideAdjustment(stock('TEA-1', 2, 3), { delta: -2, reason: 'broken' })).toMatchObject({
    data: { delta: -2 },
  });
  expect(() => decideAdjustment(stock('TEA-1', 2, 3), { delta: -3, reason: 'broken' })).toThrow(
    expect.objectContaining({ code: 'conflict', field: 'delta' }),
  );
});

test('what is released is what was held', () => {
  expect(decideRelease([{ stock: stock('TEA-1', 0, 5), quantity: 5 }], orderId)).toMatchObject([
    { event: stockReleased({ sku: 'TEA-1', orderId, quantity: 5 }) },
  ]);
});

test('only what really changes of a product is in the event', () => {
  expect(decideChange(tea, { name: 'Tea', price: { ...tea.price } })).toEqual(
    productChanged({ sku: 'TEA-1', name: 'Tea' }),
  );
  expect(decideChange(tea, { price: { amount: 1, currency: 'EUR' } })).toEqual(
    productChanged({ sku: 'TEA-1', price: { amount: 1, currency: 'EUR' } }),
  );
  expect(decideChange(tea, { name: tea.name })).toBeUndefined();
});

test('whatever is decided, no count goes below zero and every piece is somewhere', () => {
  const command = fc.record({
    kind: fc.constantFrom('adjust', 'reserve', 'release'),
    pieces: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 50 }), (commands) => {
      let now = stock('TEA-1', 0);
      let added = 0;
      for (const { kind, pieces } of commands) {
        const event = decided(kind, now, pieces);
        if (!event) continue;
        now = evolveStock(now, event);
        if (event.type === 'stock.adjusted') added += event.data.delta;
        expect(Math.min(now.available, now.reserved, now.shipped)).toBeGreaterThanOrEqual(0);
        expect(now.available + now.reserved + now.shipped).toBe(added);
      }
    }),
  );
});

/** The event that a command leads to; undefined when it is refused. */
function decided(kind: string, now: Stock, pieces: number): StockEvent | undefined {
  try {
    if (kind === 'adjust') return decideAdjustment(now, { delta: pieces % 3 === 0 ? -pieces : pieces, reason: 'test' });
    if (kind === 'reserve')
      return decideReservation([now], orderId, [{ sku: now.sku, quantity: pieces }]).changes[0]?.event;
    return decideRelease([{ stock: now, quantity: Math.min(pieces, now.reserved) }], orderId)[0]?.event;
  } catch {
    return undefined; // Refused: nothing happens, which is what the property is about.
  }
}
