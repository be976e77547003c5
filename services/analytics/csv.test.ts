import { expect, test } from '@jest/globals';
import { toCsv } from './csv';

test('a row is a line under its head', () => {
  expect(toCsv(['sku', 'units'], [{ sku: 'TEA-1', units: -2 }])).toBe('sku,units\r\nTEA-1,-2\r\n');
});

test('what a spreadsheet would run is text, and what would break a line is quoted', () => {
  expect(toCsv(['sku'], [{ sku: '=HYPERLINK("x")' }])).toBe('sku\r\n"\'=HYPERLINK(""x"")"\r\n');
  expect(toCsv(['sku'], [{ sku: 'a,b\r\nc' }])).toBe('sku\r\n"a,b\r\nc"\r\n');
});

test('without rows there is a head', () => {
  expect(toCsv(['sku', 'units'], [])).toBe('sku,units\r\n');
});
