import { expect, test } from '@jest/globals';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeMarks, refuseMergeMarks } from './merge-marks';

const [ours, base, divider, theirs] = ['<', '|', '=', '>'].map((sign) => sign.repeat(7));
const quoted = '> '.repeat(6) + '>';

test.each([
  ['as git writes them', [`${ours} HEAD`, 'a', `${base} 1234567`, divider, 'b', `${theirs} 1234567 (why)`]],
  ['indented, as prettier leaves them in a list', [`  ${ours} HEAD`, `  \\${divider}`, `  ${theirs} topic`]],
  ['quoted, as prettier takes the last one for a citation', [`${quoted} bc2c340 (A title: it has words)`]],
  ['escaped', [`\\${ours} HEAD`, `\\${divider}`, `\\${theirs} topic`]],
  ['escaped sign by sign', ['\\<'.repeat(7) + ' HEAD', '\\>'.repeat(7) + ' topic']],
  ['as entities', ['&lt;'.repeat(7) + ' HEAD', '&gt;'.repeat(7) + ' topic']],
  ['in a comment, in a list', [`// ${ours} HEAD`, `# ${divider}`, `- ${ours} HEAD`, ` * ${theirs} topic`]],
  ['without a name', [ours, divider, theirs]],
])('merge-conflict marks are found: %s', (_, lines) => {
  const found = mergeMarks(['before', ...lines, 'after'].join('\n'));
  const marks = lines.filter((line) => line !== 'a' && line !== 'b');
  expect(found.map(({ text }) => text)).toEqual(marks);
});

test('what only looks like one is left alone: headings, rules, shifts, tables, quotes in quotes', () => {
  const text = [
    'A heading',
    divider,
    '='.repeat(20),
    'a >>> b >> c << d',
    '| a | b |',
    '|||',
    '> > quoted',
    `'${ours}'`,
  ];
  expect(mergeMarks(text.join('\n'))).toEqual([]);
});

test('the check names file and line, also where no repository is, and leaves out what is installed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-marks-'));
  try {
    mkdirSync(join(directory, 'docs'));
    mkdirSync(join(directory, 'node_modules'));
    writeFileSync(join(directory, 'node_modules/a.md'), `${ours} HEAD\n`);
    expect(() => refuseMergeMarks(directory)).not.toThrow();
    writeFileSync(join(directory, 'docs/a.md'), `- one\n  ${ours} HEAD\n`);
    expect(() => refuseMergeMarks(directory)).toThrow(/docs\/a\.md:2: {3}<{7} HEAD/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
