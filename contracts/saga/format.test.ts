import { expect, test } from '@jest/globals';
import { describeItems, describeMoney } from './format';

const items = (...skus: string[]) => ({ items: skus.map((sku, index) => ({ sku, quantity: index + 1 })) });

test('order lines are listed in plain text', () => {
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
  [{ amount: 5, currency: 'EUR' }, 'EUR 0.05'],
  [{ amount: 0, currency: 'EUR' }, 'EUR 0.00'],
  [{ amount: 0, currency: 'JPY' }, 'JPY 0'],
  [{ amount: 7, currency: 'CLF' }, 'CLF 0.0007'],
  [{ amount: -5, currency: 'EUR' }, 'EUR -0.05'],
  [{ amount: 7_128_000_000_000_001, currency: 'EUR' }, 'EUR 71280000000000.01'],
  [{ amount: Number.MAX_SAFE_INTEGER, currency: 'KWD' }, 'KWD 9007199254740.991'],
  [{ amount: '-900719925474099301', currency: 'EUR' }, 'EUR -9007199254740993.01'],
  [{ amount: 100, currency: 'ZZZ' }, 'ZZZ 1.00'],
])('%j is %s', (money, text) => {
  expect(describeMoney(money)).toBe(text);
});
