import { expect, test } from '@jest/globals';
import { describeItems, describeMoney } from './words';

const items = (...skus: string[]) => ({ items: skus.map((sku, index) => ({ sku, quantity: index + 1 })) });

test('lines of an order read as a person would write them', () => {
  expect(describeItems(items('TEA-1'))).toBe('1 × TEA-1');
  expect(describeItems(items('TEA-1', 'CUP-2'))).toBe('1 × TEA-1, 2 × CUP-2');
});

test('a hundred long lines stay below what Temporal accepts', () => {
  const text = describeItems(items(...Array.from({ length: 100 }, (_, index) => `${'X'.repeat(61)}${index}`)));
  expect(text).toMatch(/, 97 more$/);
  expect(Buffer.byteLength(`Reserve ${text}`)).toBeLessThan(400);
});

test.each([
  [{ amount: 2505, currency: 'EUR' }, 'EUR 25.05'],
  [{ amount: 2500, currency: 'JPY' }, 'JPY 2500'],
  [{ amount: 2500, currency: 'KWD' }, 'KWD 2.500'],
])('%j is %s', (money, text) => {
  expect(describeMoney(money)).toBe(text);
});
