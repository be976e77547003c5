import { expect, test } from '@jest/globals';
import { toCsv } from './csv';

const cells = (...row: Parameters<typeof toCsv>[1][number]) => toCsv(['head'], [row]).split('\r\n')[1];

test('a table has a header and a line for each row, with the line ends of RFC 4180', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        [1, 'x'],
        [null, undefined],
      ],
    ),
  ).toBe('a,b\r\n1,x\r\n,\r\n');
});

test('commas, quotes and line breaks stay inside their cell', () => {
  expect(toCsv(['a'], [['x,y'], ['say "hi"'], ['two\nlines']])).toBe('a\r\n"x,y"\r\n"say ""hi"""\r\n"two\nlines"\r\n');
});

test.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '\tx', ' =1+1', '＝1+1'])('%p is text to a spreadsheet', (text) => {
  expect(cells(text)).toBe(`'${text}`);
});

test('a formula behind a carriage return is quoted, and text', () => {
  expect(toCsv(['a'], [['\r=1']])).toBe('a\r\n"\'\r=1"\r\n');
});

test.each([
  [-5, '-5'],
  ['-90071992547409930', '-90071992547409930'],
  [0.5, '0.5'],
  ['', ''],
])('%p stays what it is', (value, text) => {
  expect(cells(value)).toBe(text);
});
