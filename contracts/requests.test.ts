import { expect, test } from '@jest/globals';
import { orderBody } from '../tests/support/order-body';
import { orderCreated } from './events/order';
import { productAdded } from './events/inventory';
import { salesQuery } from './http/analytics';
import { orderListQuery, placeOrderRequest } from './http/orders';
import { addProductRequest, changeProductRequest } from './http/products';
import { createUserRequest } from './http/users';

const userId = '0192F3A0-0000-7000-8000-00000000000A';
const orderTo = (country: string) => {
  const { shippingAddress, ...order } = orderBody({ userId, sku: 'TEA-1' });
  return { ...order, shippingAddress: { ...shippingAddress, country } };
};
const product = (currency: string) => ({ sku: 'TEA-1', name: 'Tea', price: { amount: 1250, currency }, stock: 1 });

test.each(['ZZZ', 'XXX', 'XTS', 'XAU', 'AAA', 'eur'])('no request may name the currency %s', (currency) => {
  expect(addProductRequest.safeParse(product(currency)).error?.issues).toMatchObject([{ path: ['price', 'currency'] }]);
  expect(changeProductRequest.safeParse({ price: product(currency).price }).success).toBe(false);
  for (const query of [orderListQuery, salesQuery]) expect(query.safeParse({ currency }).success).toBe(false);
});

test.each(['EUR', 'USD', 'JPY', 'KWD', 'XAF', 'XPF', 'CHF'])('a request may name the currency %s', (currency) => {
  expect(addProductRequest.safeParse(product(currency)).success).toBe(true);
});

test.each(['XX', 'ZZ', 'AA', 'EU', 'UK', 'de'])('no parcel goes to %s', (country) => {
  const { error } = placeOrderRequest.safeParse(orderTo(country));
  expect(error?.issues).toMatchObject([{ path: ['shippingAddress', 'country'] }]);
});

test.each(['DE', 'GB', 'US', 'TW', 'XK'])('a parcel may go to %s', (country) => {
  expect(placeOrderRequest.safeParse(orderTo(country)).success).toBe(true);
});

test('events with currencies and countries that requests can no longer name are still read', () => {
  const total = { amount: 2500, currency: 'ZZZ' };
  const order = { ...orderCreated.example, total, destination: 'XX' };
  expect(orderCreated.parse(4, order)).toEqual(order);
  const { stock: _, ...added } = product('ZZZ');
  expect(productAdded.parse(1, added)).toEqual(added);
});

test('an id in a request is converted to lower case', () => {
  expect(placeOrderRequest.parse(orderTo('DE')).userId).toBe(userId.toLowerCase());
});

test.each(['Ada\nLovelace', 'Ada\u0000', 'Ada\u001b[2J', 'Ada\u202eecalevoL', 'Ada\u2066', '\u0085'])(
  'a name is one readable line: %j is refused',
  (name) => {
    expect(createUserRequest.safeParse({ name, email: 'ada@example.com' }).error?.issues).toMatchObject([
      { path: ['name'] },
    ]);
    expect(addProductRequest.safeParse({ ...product('EUR'), name }).success).toBe(false);
    const order = orderTo('DE');
    const shippingAddress = { ...order.shippingAddress, line1: name };
    expect(placeOrderRequest.safeParse({ ...order, shippingAddress }).success).toBe(false);
  },
);

test.each(['Zoë', '陳大文', 'محمد', 'O’Neill-Müller, Jr.', '👩‍👧'])('%s is a name', (name) => {
  expect(createUserRequest.safeParse({ name, email: 'ada@example.com' }).success).toBe(true);
});
