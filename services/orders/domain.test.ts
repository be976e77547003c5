import { expect, test } from '@jest/globals';
import { orderCancelled, orderConfirmed, orderCreated, orderShipped } from '../../contracts/events/order';
import { scenariosOf } from '../../lib/aggregate/testing';
import { order, type OrderCommand } from './domain';

const given = scenariosOf(order);
const { orderId } = orderCreated.example;
const placed = orderCreated(orderCreated.example);
const place: OrderCommand = { type: 'place', order: orderCreated.example };
const confirm: OrderCommand = { type: 'confirm' };
const cancel: OrderCommand = { type: 'cancel', reason: 'out-of-stock', detail: 'TEA-1: 5 wanted, 2 available' };

test('places, then confirms', () => {
  given().when(place, confirm).then(placed, orderConfirmed({ orderId }));
});

test('cancels with the reason and its detail', () => {
  expect(given(placed).when(cancel).state()).toMatchObject({
    status: 'cancelled',
    reason: 'out-of-stock',
    detail: 'TEA-1: 5 wanted, 2 available',
  });
});

test('a repeated confirm or cancel changes nothing', () => {
  given(placed).when(confirm, confirm).thenTypes('order.confirmed');
  given(placed).when(cancel, cancel).thenTypes('order.cancelled');
});

test('an order is placed once, and every other command needs an order', () => {
  given(placed).when(place).thenRefused('version-conflict');
  given().when(confirm).thenRefused('not-found');
});

test('fences a confirm that comes after the cancel', () => {
  given(placed).when(cancel, confirm).thenRefused('step-fenced');
});

test('fences a cancel that comes after dispatch', () => {
  given(placed, orderShipped({ orderId })).when(cancel).thenRefused('step-fenced');
});

test('a reader accepts an unknown cancel reason', () => {
  const reason = 'loyalty-refused';
  expect(orderCancelled.parse(2, { orderId, reason })).toEqual({ orderId, reason });
  expect(orderCancelled.parse(1, { orderId, reason: 'failed' })).toEqual({ orderId, reason: 'failed' });
});

const cancellation: OrderCommand = { type: 'request-cancellation' };
const decline: OrderCommand = { type: 'decline-cancellation' };

test('a requested cancellation is declined once, and refused from then on; without a request there is nothing to decline', () => {
  given(placed)
    .when(confirm, cancellation, decline, decline, { type: 'ship' }, decline)
    .thenTypes('order.confirmed', 'order.cancellation_requested', 'order.cancellation_declined', 'order.shipped');
  given(placed).when(cancellation, decline, cancellation).thenRefused('order-not-cancellable');
  given(placed).when(cancel, decline).thenRefused('step-fenced');
});

const cup = {
  sku: 'CUP-2',
  name: 'Cup',
  quantity: 1,
  price: { amount: 5, currency: 'EUR' },
  lineTotal: { amount: 5, currency: 'EUR' },
};

test('a restarted saga may repeat every step that its order has passed', () => {
  const way: OrderCommand[] = [{ type: 'reduce', dropped: ['CUP-2'] }, confirm, { type: 'ship' }, { type: 'deliver' }];
  const types = ['order.reduced', 'order.confirmed', 'order.shipped', 'order.delivered'] as const;
  const created = orderCreated({ ...orderCreated.example, items: [...orderCreated.example.items, cup] });
  for (const past of way.keys()) {
    const again = way.slice(0, past + 1);
    given(created)
      .when(...again, ...again)
      .thenTypes(...types.slice(0, past + 1));
  }
});
