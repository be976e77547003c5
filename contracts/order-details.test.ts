import { expect, test } from '@jest/globals';
import { details as seal } from '../tests/support/order-details';
import { detailsOf, type OrderDetails } from './order-details';

const known: OrderDetails = {
  payment: { token: 'tok_ok' },
  shippingAddress: { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
};
const order = { orderId: 'order-1', userId: 'user-1', items: [], total: { amount: 2500, currency: 'EUR' } };

test('the details of an order are opened where the key is', () => {
  const placed = { ...order, destination: 'GB', details: seal.seal(known, 'order-1') };
  expect(JSON.stringify(placed)).not.toContain('tok_ok');
  expect(detailsOf(placed, seal)).toEqual(known);
});

test('the details of one order are not those of another', () => {
  const placed = { ...order, destination: 'GB', details: seal.seal(known, 'order-2') };
  expect(() => detailsOf(placed, seal)).toThrow();
});

test('a saga that started before details were sealed goes on', () => {
  const { shippingAddress } = known;
  expect(detailsOf({ ...order, paymentToken: 'tok_ok', shippingAddress }, seal)).toEqual(known);
});
