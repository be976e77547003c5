import { expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGlossary, refuseRetiredWords, retiredNames } from './retired-words';

const glossary = readGlossary(`# Glossary

## Retired words

| retired      | instead                            |
| ------------ | ---------------------------------- |
| letter       | dead letter, or e-mail             |
| desk, waker  | operator gate                      |

## Stored names that stay

| name              | why                  |
| ----------------- | -------------------- |
| \`letter_kind\` | a column, with data  |

## Other
`);
const wordsIn = (source: string, path = 'lib/file.ts') =>
  retiredNames(path, source, glossary).map(({ line, word, name }) => [line, word, name]);

test.each([
  ['a variable', 'const operatorDesk = 1;', 'operatorDesk'],
  ['a function', 'function openDesks(): void {}', 'openDesks'],
  ['a type', 'interface Desk { open: boolean }', 'Desk'],
  ['a property', 'const a = { desk: 1 };', 'desk'],
  ['a parameter', 'const f = (desk: string) => 1;', 'desk'],
  ['a renamed import', "import { gate as desk } from './gate';", 'desk'],
  ['a destructured name', 'const { gate: desk } = all;', 'desk'],
  ['a constant', 'const DESK_NAME = 1;', 'DESK_NAME'],
])('a retired word is found in %s', (_, source, name) => {
  expect(wordsIn(`\n${source}`)).toEqual([[2, 'desk', name]]);
});

test('a retired word is found in the name of a file or a folder', () => {
  expect(wordsIn('', 'lib/desk.ts')).toEqual([[0, 'desk', 'lib/desk.ts']]);
  expect(wordsIn('', 'lib/desks/open.ts')).toEqual([[0, 'desk', 'lib/desks/open.ts']]);
});

test.each([
  ['prose', '// The desk\nconst text = "a letter at the desk", other = `desk`;'],
  ['what only contains it', 'const desktop = 1, awakers = 2;'],
  ['what is declared elsewhere', "import { desk } from 'a'; const { letter } = a.desk(), b = { letter };"],
  ['the phrase that is used instead', 'const deadLetters = 1, DEAD_LETTER = 2; class DeadLetter {}'],
  ['a stored name that stays', 'const row = { letter_kind: 1 };'],
])('%s is left alone', (_, source) => {
  expect(wordsIn(source)).toEqual([]);
});

test('the check names file, line and what to use instead', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-words-'));
  try {
    mkdirSync(join(directory, 'lib'));
    writeFileSync(join(directory, 'lib/a.ts'), '\nconst letters = [];\n');
    expect(() => refuseRetiredWords(directory, glossary)).toThrow(
      /lib\/a\.ts:2: letters has "letter"; instead: dead letter, or e-mail/,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the glossary has both tables; without one the check fails instead of finding nothing', () => {
  const { retired, kept } = readGlossary(readFileSync('docs/glossary.md', 'utf8'));
  expect(retired.get('desk')).toContain('operator gate');
  expect(kept.size).toBeGreaterThan(0);
  expect(() => readGlossary('# Glossary')).toThrow('has no section "Retired words"');
});
