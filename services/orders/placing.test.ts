import { expect, test } from '@jest/globals';
import { priceOrder } from './placing';
import type { Product } from './store';

const product = (sku: string, amount: number, currency = 'EUR'): [string, Product] => [
  sku,
  { sku, name: `Product ${sku}`, price: { amount, currency } },
];

test('prices every line with today’s name and price, and adds up in minor units', () => {
  const { items, total } = priceOrder(
    [
      { sku: 'A', quantity: 3 },
      { sku: 'B', quantity: 1 },
    ],
    new Map([product('A', 199), product('B', 1)]),
  );
  expect(total).toEqual({ amount: 598, currency: 'EUR' });
  const lineTotal = { amount: 597, currency: 'EUR' };
  const price = { amount: 199, currency: 'EUR' };
  expect(items[0]).toEqual({ sku: 'A', name: 'Product A', quantity: 3, price, lineTotal });
});

test('names the line with the unknown product', () => {
  const wanted = [
    { sku: 'A', quantity: 1 },
    { sku: 'X', quantity: 1 },
  ];
  expect(() => priceOrder(wanted, new Map([product('A', 1)]))).toThrow(
    expect.objectContaining({ code: 'unknown-product', field: 'items[1].sku' }),
  );
});

test('refuses an order in two currencies', () => {
  const wanted = [
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 1 },
  ];
  expect(() => priceOrder(wanted, new Map([product('A', 1), product('B', 1, 'USD')]))).toThrow(
    expect.objectContaining({ code: 'currency-mix' }),
  );
});
