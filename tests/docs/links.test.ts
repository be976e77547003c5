import { expect, test } from '@jest/globals';
import { anchorsOf } from './anchors';
import { brokenLinks, codeFiles, missingFiles, missingPages } from './links';
import { missingTests } from './named-tests';
import { allPages } from './pages';

const pages = allPages();

test('every link leads to a file and a heading that are there', () => {
  expect(pages.flatMap((page) => brokenLinks(page))).toEqual([]);
});

test('every file and folder that a page names is there', () => {
  expect(pages.flatMap((page) => missingFiles(page))).toEqual([]);
});

test('every page that code names is there', () => {
  expect(codeFiles().flatMap((file) => missingPages(file))).toEqual([]);
});

test('every test that a page names as a proof is there, with its title', () => {
  expect(pages.flatMap((page) => missingTests(page))).toEqual([]);
});

test.each([
  ['a link to no file', '[x](docs/none.md)'],
  ['a link to no heading of its own page', '# A\n\n[x](#b)'],
  ['a link to no heading of another page', '[x](docs/glossary.md#none)'],
  ['a link to a heading in capitals', '# A\n\n[x](#A)'],
  ['a link to a line of code', '[x](package.json#L1)'],
  ['a link with a title', '[x](docs/none.md "None")'],
  ['a link by reference', '[x][1]\n\n[1]: docs/none.md'],
  ['a picture', '![x](docs/images/none.svg)'],
  ['a picture in HTML', '<img alt="x" src="docs/images/none.svg">'],
  ['a link out of the repository', '[x](../..)'],
  ['a link to what is installed', '[x](node_modules/jest/package.json)'],
])('%s is found', (_, text) => {
  expect(brokenLinks('README.md', text)).toHaveLength(1);
});

test.each([
  ['to another place', '[x](https://example.com/none#at-all)'],
  ['to a heading', '# A b\n\n[x](#a-b)'],
  ['to a heading of another page', '[x](docs/glossary.md#sagas)'],
  ['to a folder', '[x](docs/schemas)'],
  ['in code', '`[x](docs/none.md)`'],
  ['in a block of code', '```text\n[x](docs/none.md)\n```'],
])('a link %s is fine', (_, text) => {
  expect(brokenLinks('README.md', text)).toEqual([]);
});

test('anchors are those of GitHub: without signs and formatting, numbered when they come twice', () => {
  const page =
    '# What `patched` does, and why\n## [Speed](docs/speed.md) – measured\n## Twice\n## Twice\n<a id="own"></a>';
  expect([...anchorsOf(page)].sort()).toEqual([
    'own',
    'speed--measured',
    'twice',
    'twice-1',
    'what-patched-does-and-why',
  ]);
});

test('a path to nothing is found, unless the page makes the file', () => {
  expect(missingFiles('README.md', 'see `lib/none.ts`')).toEqual(['README.md:1: lib/none.ts']);
  const made = 'make `lib/none.ts`:\n\n```ts {new: "lib/none.ts"}\nexport const none = 0;\n```';
  expect(missingFiles('README.md', made)).toEqual([]);
});

test.each(['docs/none.md', 'docs/glossary.md#none', 'NONE.md'])('a comment that names %s is found', (name) => {
  expect(missingPages('lib/a.ts', `// The reason is in ${name}.`)).toEqual([`lib/a.ts:1: ${name}`]);
});

test('a test that a page names and that is not there is found, by its file and by its title', () => {
  const title = '_every link … a heading that are there_';
  expect(missingTests('README.md', `\`docs/links.test.ts\`: ${title}, ${title}.`)).toEqual([]);
  // Not written in one piece, or it would be found in this file.
  const none = ['_no', 'such', 'title_'].join(' ');
  expect(missingTests('README.md', `\`docs/links.test.ts\`: ${title}, ${none}`)).toHaveLength(1);
  expect(missingTests('README.md', 'see `none.test.ts`')).toHaveLength(1);
});
