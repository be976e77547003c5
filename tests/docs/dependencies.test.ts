import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const declared = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
const page = readFileSync('docs/dependencies.md', 'utf8');

/** The packages that a section of the page lists, each with its reason. */
function listed(title: string): string[] {
  const section = page.split('\n## ').find((text) => text.startsWith(`${title}\n`)) ?? '';
  return [...section.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name = '']) => name);
}

test.each([
  ['In production', 'dependencies'],
  ['Optional', 'optionalDependencies'],
  ['For development', 'devDependencies'],
  ['Overrides', 'overrides'],
])('each package under "%s" has its line why, and no line is left of one that is gone', (title, field) => {
  expect(listed(title).sort()).toEqual(Object.keys(declared[field] ?? {}).sort());
});
