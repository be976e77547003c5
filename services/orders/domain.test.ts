import { expect, test } from '@jest/globals';
import { orderCreated, orderShipped } from '../../contracts/events/order';
import { decide, type OrderCommand } from './decide';
import { evolve, type Order, type OrderEvent } from './domain';

const { orderId } = orderCreated.example;
const placed = (): OrderEvent => orderCreated(orderCreated.example);
const place: OrderCommand = { type: 'place', order: orderCreated.example };
const confirm: OrderCommand = { type: 'confirm' };
const cancel: OrderCommand = { type: 'cancel', reason: 'out-of-stock', detail: 'TEA-1: 5 wanted, 2 available' };

const foldAll = (events: readonly OrderEvent[], from?: Order) => events.reduce<Order | undefined>(evolve, from);

/** given(events).when(command): what is decided, as event types. */
const given = (...events: OrderEvent[]) => ({
  when: (...commands: OrderCommand[]) => {
    let state = foldAll(events);
    return commands.flatMap((command) => {
      const decided = decide(command, state);
      state = foldAll(decided, state);
      return decided.map(({ type }) => type);
    });
  },
});

test('places, then confirms', () => {
  expect(given().when(place, confirm)).toEqual(['order.created', 'order.confirmed']);
});

test('cancels with the reason and its detail', () => {
  const [cancelled] = decide(cancel, foldAll([placed()]));
  expect(foldAll([placed(), cancelled ?? placed()])).toMatchObject({
    status: 'cancelled',
    reason: 'out-of-stock',
    detail: 'TEA-1: 5 wanted, 2 available',
  });
});

test.each([confirm, cancel])('a repeated $type changes nothing', (command) => {
  expect(given(placed()).when(command, command)).toHaveLength(1);
});

test('fences a confirm that comes after the cancel', () => {
  expect(() => given(placed()).when(cancel, confirm)).toThrow(expect.objectContaining({ code: 'step-fenced' }));
});

test('fences a cancel that comes after dispatch', () => {
  expect(() => given(placed(), orderShipped({ orderId })).when(cancel)).toThrow(
    expect.objectContaining({ code: 'step-fenced' }),
  );
});
