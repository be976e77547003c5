import { expect, test } from '@jest/globals';
import { orderCancelled, orderCreated, orderShipped } from '../../contracts/events/order';
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

test('a reader takes a cancel reason that it does not know', () => {
  const reason = 'loyalty-refused';
  expect(orderCancelled.parse(2, { orderId, reason })).toEqual({ orderId, reason });
  expect(orderCancelled.parse(1, { orderId, reason: 'failed' })).toEqual({ orderId, reason: 'failed' });
});

const cancellation: OrderCommand = { type: 'request-cancellation' };
const decline: OrderCommand = { type: 'decline-cancellation' };

test('a wish to cancel is declined once, and from then on refused; without one there is nothing to decline', () => {
  const steps = [confirm, cancellation, decline, decline, { type: 'ship' as const }, decline];
  const types = ['order.confirmed', 'order.cancellation_requested', 'order.cancellation_declined', 'order.shipped'];
  expect(given(placed()).when(...steps)).toEqual(types);
  expect(() => given(placed()).when(cancellation, decline, cancellation)).toThrow(
    expect.objectContaining({ code: 'order-not-cancellable' }),
  );
  expect(() => given(placed()).when(cancel, decline)).toThrow(expect.objectContaining({ code: 'step-fenced' }));
});

const reduce: OrderCommand = { type: 'reduce', dropped: ['CUP-2'] };
const cup = {
  sku: 'CUP-2',
  name: 'Cup',
  quantity: 1,
  price: { amount: 5, currency: 'EUR' },
  lineTotal: { amount: 5, currency: 'EUR' },
};

test('a saga that begins anew may repeat every step that its order is past', () => {
  const way: OrderCommand[] = [reduce, confirm, { type: 'ship' }, { type: 'deliver' }];
  const created = orderCreated({ ...orderCreated.example, items: [...orderCreated.example.items, cup] });
  for (const past of way.keys()) {
    const again = way.slice(0, past + 1);
    expect(given(created).when(...again, ...again)).toHaveLength(past + 1);
  }
});
