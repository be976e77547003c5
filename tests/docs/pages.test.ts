import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { describeCommand } from '../../cli/description';
import { createProgram } from '../../cli/program';
import { unknownCommands } from './commands';
import { allPages, blocksOf, type Block } from './pages';
import { editsOf } from './edits';
import { errorsIn, quotes, typeErrors } from './types';

const pages = allPages();
const blocks = pages.flatMap((page) => blocksOf(page));

const sagaworks = describeCommand(createProgram());

test('every command is one: its script, its verb, its options', () => {
  expect(pages.flatMap((page) => unknownCommands(page, sagaworks))).toEqual([]);
});

test('every TypeScript block that is checked has the right types', () => {
  expect(typeErrors(blocks.filter(({ mark }) => mark?.is === 'check'))).toEqual([]);
}, 120_000);

test('files that a page has its reader change fit in, and have the right types afterwards', () => {
  expect(pages.flatMap((page) => errorsIn(editsOf(blocks.filter((block) => block.page === page))))).toEqual([]);
}, 120_000);

test('what a block quotes stands in the file', () => {
  const wrong = blocks.filter((block) => block.mark?.is === 'from' && !quotes(block.mark.file, block));
  expect(wrong.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

const fenced = (info: string, code: string): string => ['```' + info, code, '```'].join('\n');

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

const edit = (...lines: string[]): Block[] =>
  blocksOf('README.md', fenced('diff {edit: "package.json"}', lines.join('\n')));

test('a change shows its place, which is there once', () => {
  const [edited] = editsOf(edit('   "name": "sagaworks",', '-  "version": "0.1.0",', '+  "version": "0.2.0",'));
  expect(edited?.content).toBe(
    readFileSync('package.json', 'utf8').replace('"version": "0.1.0"', '"version": "0.2.0"'),
  );
  expect(() => editsOf(edit('   "name": "none",', '+  "new": true,'))).toThrow('are 0 times in package.json');
  expect(() => editsOf(edit('   },', '+  "new": true,'))).toThrow(/are \d+ times in package.json/);
});
