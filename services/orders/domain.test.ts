import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { orderCreated, orderShipped } from '../../contracts/events/order';
import { PlatformError } from '../../lib/errors/errors';
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

test('any sequence of commands keeps items and total, ends once, and folds in pieces as at once', () => {
  const commands = fc.array(fc.constantFrom(confirm, cancel), { maxLength: 12 });
  fc.assert(
    fc.property(commands, fc.nat(12), (sequence, cut) => {
      const events: OrderEvent[] = [placed()];
      for (const command of sequence) {
        try {
          events.push(...decide(command, foldAll(events)));
        } catch (error) {
          expect(error).toBeInstanceOf(PlatformError);
        }
      }
      const whole = foldAll(events);
      expect(whole).toMatchObject({ items: orderCreated.example.items, total: orderCreated.example.total });
      expect(events.filter(({ type }) => type === 'order.cancelled').length).toBeLessThanOrEqual(1);
      expect(foldAll(events.slice(cut), foldAll(events.slice(0, cut)))).toEqual(whole);
    }),
  );
});
