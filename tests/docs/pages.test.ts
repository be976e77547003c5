import { expect, test } from '@jest/globals';
import { describeCommand } from '../../cli/description';
import { createProgram } from '../../cli/program';
import { unknownCommands } from './commands';
import { brokenLinks, missingFiles } from './links';
import { unmarked } from './marks';
import { allPages, blocksOf } from './pages';
import { quotes, typeErrors } from './types';

const pages = allPages();
const blocks = pages.flatMap((page) => blocksOf(page));

const sagaworks = describeCommand(createProgram());

test('every block of code is run or checked, or says why not', () => {
  expect(pages.flatMap((page) => unmarked(page))).toEqual([]);
});

test('every link leads to a file and a heading that are there, and so does every path', () => {
  expect(pages.flatMap((page) => [...brokenLinks(page), ...missingFiles(page)])).toEqual([]);
});

test('every command is one: its script, its verb, its options', () => {
  expect(pages.flatMap((page) => unknownCommands(page, sagaworks))).toEqual([]);
});

test('every TypeScript block that is checked has the right types', () => {
  expect(typeErrors(blocks.filter(({ mark }) => mark?.is === 'check'))).toEqual([]);
}, 120_000);

test('what a block quotes stands in the file', () => {
  const wrong = blocks.filter((block) => block.mark?.is === 'from' && !quotes(block.mark.file, block));
  expect(wrong.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

const fenced = (info: string, code: string): string => ['```' + info, code, '```'].join('\n');

test.each([
  ['a block of shell without a mark', fenced('sh', 'npm start')],
  ['a block without a language', fenced('', 'npm start')],
  ['a command that is declared to be output', fenced('text', 'npm start')],
  ['a language that nobody checks', fenced('ruby', 'puts 1')],
  ['a query without a mark', fenced('sql', 'select 1')],
  ['code by indentation', 'Then\n\n    npm start\n'],
  ['code by indentation in a list', '1. Then\n\n       npm start\n'],
])('%s is found', (_, text) => {
  expect(unmarked('README.md', text)).toHaveLength(1);
});

test('a mark that means nothing is refused', () => {
  expect(() => blocksOf('README.md', fenced('sh {norun}', 'npm start'))).toThrow('README.md:1: {norun} is no mark');
});

test.each([
  ['a link to no file', '[x](docs/none.md)'],
  ['a link to no heading', '# A\n\n[x](#b)'],
  ['a path to nothing', 'see `lib/none.ts`'],
])('%s is found', (_, text) => {
  expect([...brokenLinks('README.md', text), ...missingFiles('README.md', text)]).toHaveLength(1);
});

test.each([
  ['a script', '`npm run nothing`'],
  ['a command', '`npm run sagaworks -- nothing`'],
  ['a verb', 'then `sagaworks dlq mend`'],
  ['a command below a command', '`sagaworks outbox parked mend`'],
  ['an option of another command', '`sagaworks dlq list --yes`'],
  ['an option', fenced('sh {run}', 'npm run sagaworks -- topology plan --loud')],
  ['tests', '`npm test -- lib/none`'],
])('%s that is not there is found', (_, text) => {
  expect(unknownCommands('README.md', sagaworks, text)).toHaveLength(1);
});

test('a wrong type, and a quotation that is out of date, are found', () => {
  const [wrong] = blocksOf('README.md', fenced('ts {check}', 'const many: number = "one";'));
  const [right] = blocksOf('README.md', `<!-- check: const found = […]; -->\n\n${fenced('ts {check}', '1, 2')}`);
  if (!wrong || !right) throw new Error('There are two blocks');
  expect(typeErrors([wrong, right])).toHaveLength(1);
  expect(quotes('package.json', { ...wrong, code: '"name": "sagaworks",\n"version"' })).toBe(true);
  expect(quotes('package.json', wrong)).toBe(false);
}, 120_000);
