import { readFileSync } from 'node:fs';
import { sourceFiles } from './source-files';

/** A line that git left in a conflict that was not resolved. */
export interface MergeMark {
  line: number;
  text: string;
}

/**
 * `<<<<<<< HEAD`, `||||||| base` and `>>>>>>> branch`, also as a formatter leaves them: indented, quoted (`> > > > > > >`),
 * escaped (`\<<<<<<<`), as entities (`&lt;`), behind a list's or a comment's sign.
 */
const begins = /^[\s>*#/-]*?\\?(?:(?:<|&lt;|\\<){7}|(?:>\s?|&gt;|\\>){7}|(?:\||\\\|){7})(?:\s+\S|\s*$)/;

/** `=======`, which alone may underline a heading or draw a line: it counts between two of the others, or escaped. */
const divides = /^[\s>*#/-]*?(?:\\=={6}|={7})\s*$/;
const escaped = /\\=={6}\s*$/;

/** The merge-conflict marks of a text. */
export function mergeMarks(text: string): MergeMark[] {
  const lines = text.split('\n').map((line, index) => ({ line: index + 1, text: line.trimEnd() }));
  const hasMarks = lines.some((at) => begins.test(at.text));
  return lines.filter((at) => begins.test(at.text) || (divides.test(at.text) && (hasMarks || escaped.test(at.text))));
}

/** Searches all files below a directory. @throws Error that names each mark. */
export function refuseMergeMarks(directory = '.'): void {
  const found = sourceFiles(directory).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    // Binary files have no lines.
    if (text.includes('\0')) return [];
    return mergeMarks(text).map((mark) => `${path}:${mark.line}: ${mark.text}`);
  });
  if (found.length > 0) throw new Error(`Merge-conflict marks:\n${found.join('\n')}`);
}
