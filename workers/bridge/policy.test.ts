import { expect, test } from '@jest/globals';
import { reviewFrom, reviewThresholds } from './policy';

test('each currency has its own threshold: 100,000 yen are not EUR 1,000', () => {
  const given = reviewThresholds.parse('EUR=50000,JPY=80000');
  expect(reviewFrom('EUR', given)).toBe(50_000);
  expect(reviewFrom('JPY', given)).toBe(80_000);
  expect(reviewFrom('EUR')).toBe(100_000);
  expect(reviewFrom('JPY')).toBe(160_000);
});

test('every order in a currency without a threshold is reviewed', () => {
  expect(reviewFrom('USD', reviewThresholds.parse('EUR=50000'))).toBe(0);
  expect(reviewFrom('KWD')).toBe(0);
});

test('REVIEW_FROM holds for all currencies that have no threshold of their own, as it did before there were any', () => {
  expect(reviewFrom('JPY', undefined, 70_000)).toBe(70_000);
  expect(reviewFrom('JPY', { EUR: 50_000 }, 70_000)).toBe(70_000);
  expect(reviewFrom('EUR', { EUR: 50_000 }, 70_000)).toBe(50_000);
});

test.each(['EUR', 'EUR=', 'EUR=-1', 'EUR=1.5', 'eur=1', 'EUR=1,', 'EUR=1;USD=2', 'ZZZ=1', 'EUR=1,EUR=2', 'EUR=1e5'])(
  '%p is refused',
  (text) => {
    expect(reviewThresholds.safeParse(text).success).toBe(false);
  },
);
