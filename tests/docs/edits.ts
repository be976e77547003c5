import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './pages';

/** A file as it is after one block of a page. */
export interface EditedFile {
  block: Block;
  file: string;
  content: string;
}

/**
 * What the blocks of one page that change files come to, one after the other.
 * @param directory the checkout that they change.
 * @throws when the lines around a change are not there, or more than once.
 */
export function editsOf(blocks: readonly Block[], directory = '.'): EditedFile[] {
  const contents = new Map<string, string>();
  return blocks.flatMap((block) => {
    const { mark, code } = block;
    if (mark?.is !== 'edit' && mark?.is !== 'new') return [];
    const { file } = mark;
    const before = contents.get(file) ?? (mark.is === 'edit' ? readFileSync(join(directory, file), 'utf8') : '');
    const content = mark.is === 'new' ? `${code}\n` : edited(before, block, file);
    contents.set(file, content);
    return [{ block, file, content }];
  });
}

/** A block shows lines as they are, lines that go (`-`) and lines that come (`+`). */
function edited(before: string, { page, line, code }: Block, file: string): string {
  const lines = code.split('\n');
  const withSign = (...signs: string[]): string =>
    lines
      .filter((one) => signs.includes(one.charAt(0) || ' '))
      .map((one) => `${one.slice(1)}\n`)
      .join('');
  const [old, now] = [withSign(' ', '-'), withSign(' ', '+')];
  const parts = `\n${before}`.split(`\n${old}`);
  if (parts.length !== 2) throw new Error(`${page}:${line}: these lines are ${parts.length - 1} times in ${file}`);
  return parts.join(`\n${now}`).slice(1);
}
