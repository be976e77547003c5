import { expect, test } from '@jest/globals';
import { unmarked } from './marks';
import { allPages, blocksOf } from './pages';

test('every block of code is run or checked, or says why not', () => {
  expect(allPages().flatMap((page) => unmarked(page))).toEqual([]);
});

const fenced = (info: string, code: string): string => ['```' + info, code, '```'].join('\n');

test.each([
  ['a block of shell without a mark', fenced('sh', 'npm start')],
  ['a block without a language', fenced('', 'npm start')],
  ['a command that is declared to be output', fenced('text', 'npm start')],
  ['a language that is not checked', fenced('ruby', 'puts 1')],
  ['a query without a mark', fenced('sql', 'select 1')],
  ['code by indentation', 'Then\n\n    npm start\n'],
  ['code by indentation in a list', '1. Then\n\n       npm start\n'],
])('%s is found', (_, text) => {
  expect(unmarked('README.md', text)).toHaveLength(1);
});

test('a mark that means nothing is refused', () => {
  expect(() => blocksOf('README.md', fenced('sh {norun}', 'npm start'))).toThrow('README.md:1: {norun} is no mark');
});
