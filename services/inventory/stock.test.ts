import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  stockAdjusted,
  stockReleased,
  stockReserved,
  stockReturned,
  stockShipped,
} from '../../contracts/events/inventory';
import { scenariosOf } from '../../lib/aggregate/testing';
import { emptyStock, evolve, planReservation, stock, type Stock, type StockCommand, type StockEvent } from './stock';

const given = scenariosOf(stock);
const sku = 'TEA-1';
const orderId = '0192f3a0-0000-7000-8000-00000000000a';
const ofOrder = (type: 'reserve' | 'release' | 'ship' | 'return', quantity: number): StockCommand => ({
  type,
  sku,
  orderId,
  quantity,
});
const adjust = (delta: number): StockCommand => ({ type: 'adjust', sku, delta, reason: 'test' });
const adjusted = (delta: number) => stockAdjusted({ sku, delta, reason: 'test' });
const pieces = (quantity: number) => ({ sku, orderId, quantity });

test('units are reserved for orders while there are any', () => {
  given(adjusted(5))
    .when(ofOrder('reserve', 5))
    .then(stockReserved(pieces(5)));
  given(adjusted(5))
    .when(ofOrder('reserve', 3), ofOrder('reserve', 3))
    .thenRefused('out-of-stock', { message: 'TEA-1: 3 wanted, 2 available' });
});

test('what is held is released, or shipped and returned', () => {
  const held = [adjusted(5), stockReserved(pieces(2))];
  given(...held)
    .when(ofOrder('release', 2))
    .then(stockReleased(pieces(2)));
  const back = given(...held).when(ofOrder('ship', 2), ofOrder('return', 2));
  back.then(stockShipped(pieces(2)), stockReturned(pieces(2)));
  expect(back.state()).toEqual({ ...emptyStock(sku), available: 5 });
});

test('free pieces can go, reserved ones stay', () => {
  const held = [adjusted(5), stockReserved(pieces(3))];
  given(...held)
    .when(adjust(-2))
    .then(adjusted(-2));
  given(...held)
    .when(adjust(-3))
    .thenRefused('conflict', { field: 'delta' });
});

test('the stock of an unknown product cannot be adjusted', () => {
  given().when(adjust(1)).thenRefused('not-found');
  given().when(ofOrder('reserve', 1)).thenRefused('unknown-product');
});

const shelf = (...counts: [sku: string, available: number][]): ReadonlyMap<string, Stock> =>
  new Map(counts.map(([name, available]) => [name, { ...emptyStock(name), available }]));

test('a reservation holds every item', () => {
  const items = [
    { sku: 'TEA-1', quantity: 5 },
    { sku: 'CUP-1', quantity: 1 },
  ];
  expect(planReservation(shelf(['CUP-1', 3], ['TEA-1', 5]), items)).toEqual({ held: items, dropped: [] });
});

test('what is there is held when the customer wants the rest; nothing at all is a refusal', () => {
  const stocks = shelf(['CUP-1', 0], ['TEA-1', 5]);
  const [tea5, cup1] = [
    { sku: 'TEA-1', quantity: 5 },
    { sku: 'CUP-1', quantity: 1 },
  ];
  expect(planReservation(stocks, [tea5, cup1], 'ship_rest')).toEqual({ held: [tea5], dropped: ['CUP-1'] });
  expect(() => planReservation(stocks, [cup1], 'ship_rest')).toThrow(expect.objectContaining({ code: 'out-of-stock' }));
});

test('a reservation is refused when anything is short, and names all that is', () => {
  const items = [
    { sku: 'TEA-1', quantity: 5 },
    { sku: 'POT-1', quantity: 9 },
    { sku: 'CUP-1', quantity: 1 },
  ];
  expect(() => planReservation(shelf(['CUP-1', 0], ['POT-1', 9], ['TEA-1', 2]), items)).toThrow(
    expect.objectContaining({
      code: 'out-of-stock',
      message: 'TEA-1: 5 wanted, 2 available; CUP-1: 1 wanted, 0 available',
    }),
  );
});

test('a reservation of an unknown product is refused', () => {
  expect(() => planReservation(shelf(), [{ sku, quantity: 1 }])).toThrow(
    expect.objectContaining({ code: 'unknown-product' }),
  );
});

test('whatever is decided, no count goes below zero and every piece is somewhere', () => {
  const command = fc.record({
    kind: fc.constantFrom('adjust', 'reserve', 'release'),
    pieces: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 50 }), (commands) => {
      let now = emptyStock(sku);
      let added = 0;
      for (const { kind, pieces } of commands) {
        for (const event of decided(kind, now, pieces)) {
          now = evolve(now, event);
          if (event.type === 'stock.adjusted') added += event.data.delta;
        }
        expect(Math.min(now.available, now.reserved, now.shipped)).toBeGreaterThanOrEqual(0);
        expect(now.available + now.reserved + now.shipped).toBe(added);
      }
    }),
  );
});

/** What a command leads to; nothing when it is refused. */
function decided(kind: string, now: Stock, quantity: number): StockEvent[] {
  try {
    if (kind === 'adjust') return stock.decide(adjust(quantity % 3 === 0 ? -quantity : quantity), now);
    if (kind === 'reserve') return stock.decide(ofOrder('reserve', quantity), now);
    return stock.decide(ofOrder('release', Math.min(quantity, now.reserved)), now);
  } catch {
    return []; // Refused: nothing happens, which is what the property is about.
  }
}
