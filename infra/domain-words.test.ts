import { expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainWords, refuseDomainWords } from './domain-words';

test.each([
  ['a name', 'const orderId = 1;', 'order'],
  ['a text', "throw new Error('The customer is away');", 'customer'],
  ['a comment', '// An order has parcels.', 'parcels'],
  ['a stream', "stream: 'order-17'", 'order'],
  ['a title', "title: 'Not enough pieces in stock'", 'stock'],
  ['a header', "'sagaworks-attempts'", 'sagaworks'],
  ['a variable', 'PAYMENT_URL', 'payment'],
])('a word of the domain is found in %s', (_, text, word) => {
  expect(domainWords(`before\n${text}`)).toEqual([{ line: 2, word, text }]);
});

test.each([
  'what is confirmed, in order',
  'events in the order of their versions',
  'it takes the streams in one order for all',
  'select * from events order by position',
  'a producer in production',
  'ordered, unordered, disorder, recorder',
])('English and SQL are left alone: %s', (text) => {
  expect(domainWords(text)).toEqual([]);
});

test('the check names the file, also a test, and one whose name says it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'words-'));
  try {
    mkdirSync(join(folder, 'log'));
    writeFileSync(join(folder, 'log/read.ts'), 'const note = 1;\n');
    expect(() => refuseDomainWords(folder)).not.toThrow();
    writeFileSync(join(folder, 'log/read.test.ts'), 'const order = 1;\n');
    expect(() => refuseDomainWords(folder)).toThrow(/log\/read\.test\.ts:1: "order" in: const order = 1;/);
    writeFileSync(join(folder, 'log/read.ts'), 'const note = 1;\nconst shipment = 2;\n');
    writeFileSync(join(folder, 'log/order-log.ts'), '\n');
    expect(() => refuseDomainWords(folder)).toThrow(/log\/read\.ts:2: "shipment" in: const shipment = 2;/);
    expect(() => refuseDomainWords(folder)).toThrow(/log\/order-log\.ts: "order" in its name/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
