import { readFileSync } from 'node:fs';
import { filesOf, readPage } from './pages';

const tests = filesOf().filter((path) => path.endsWith('.test.ts'));
/** A test that a page names with its file: `a.test.ts`: _a title …_, _another one_ */
const citation = /`([\w./-]+\.test\.ts)`(?::((?:,?\s+_[^_|]+_(?=[,;.)\s|]|$))+))?/g;

/** The tests that a page names as a proof and that are not there: no such file, or no such title in it. */
export function missingTests(page: string, text = readPage(page)): string[] {
  return [...text.matchAll(citation)].flatMap(({ 1: file = '', 2: titles = '', index }) => {
    const at = `${page}:${text.slice(0, index).split('\n').length}`;
    const found = tests.filter((path) => path === file || path.endsWith(`/${file}`));
    if (found.length === 0) return file.includes('loyalty') ? [] : [`${at}: there is no ${file}`];
    const source = found.map((path) => plain(readFileSync(path, 'utf8'))).join('\n');
    return [...titles.matchAll(/_([^_]+)_/g)]
      .map(([, title = '']) => plain(title))
      .filter((title) => !title.split('…').every((part) => source.includes(part.trim())))
      .map((title) => `${at}: ${file} has no test "${title}"`);
  });
}

/** In one line, with one kind of apostrophe. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/\\'|’/g, "'").trim();
