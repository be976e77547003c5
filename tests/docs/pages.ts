import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of code in a page. */
export interface Block {
  page: string;
  /** Of the fence, from 1. */
  line: number;
  language: string;
  mark: Mark | undefined;
  /** Its lines, without the indentation of its fence. */
  code: string;
  /** For TypeScript: the module it is checked in, with `…` in its place; from the comment `<!-- check: … -->` above it. */
  frame: string;
}

/**
 * What becomes of a block: it is run, starts the platform of its page (anew), is type-checked, compared with a file,
 * changes or makes a file, or nothing, for a reason.
 */
export type Mark =
  { is: 'run' | 'start' | 'check' } | { is: 'from' | 'edit' | 'new'; file: string } | { is: 'norun'; reason: string };

/** What is not in the repository: installed, built, or data of a local stack. */
export const untracked: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', '.sagaworks', 'coverage']);

/** The files of the checkout below a folder, by their paths from its root; a copy of a checkout needs no Git. */
export function filesOf(folder = ''): string[] {
  return readdirSync(folder || '.', { withFileTypes: true })
    .filter(({ name }) => !untracked.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesOf(path);
      return entry.isFile() ? [path] : [];
    });
}

/** All pages: every `*.md` of the checkout. */
export const allPages = (): string[] =>
  filesOf()
    .filter((path) => path.endsWith('.md'))
    .sort();

export const readPage = (page: string): string => readFileSync(page, 'utf8');

const opening = /^( *)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/;

/** The fenced blocks of a page's text. @throws when a fence is not closed, or its mark says nothing known. */
export function blocksOf(page: string, text = readPage(page)): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const [, indentation = '', fence, language = '', info = ''] = opening.exec(lines[index] ?? '') ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, at) => at > index && line.trim() === fence);
    if (end < 0) throw new Error(`${page}:${index + 1}: the fence is not closed`);
    const code = lines.slice(index + 1, end).map((line) => line.slice(indentation.length));
    const at = { page, line: index + 1 };
    blocks.push({ ...at, language, mark: markOf(info, at), code: code.join('\n'), frame: frameAbove(lines, index) });
    index = end;
  }
  return blocks;
}

function markOf(info: string, { page, line }: Pick<Block, 'page' | 'line'>): Mark | undefined {
  if (info === '') return undefined;
  const [, is, value] = /^\{(\w+)(?:: "([^"]+)")?\}$/.exec(info) ?? [];
  if ((is === 'run' || is === 'start' || is === 'check') && value === undefined) return { is };
  if ((is === 'from' || is === 'edit' || is === 'new') && value !== undefined) return { is, file: value };
  if (is === 'norun' && value !== undefined) return { is, reason: value };
  throw new Error(`${page}:${line}: ${info} is no mark; see tests/README.md`);
}

function frameAbove(lines: readonly string[], fence: number): string {
  const above = lines.slice(0, fence).join('\n').trimEnd();
  return /<!-- check:((?:(?!-->)[\s\S])*)-->$/.exec(above)?.[1]?.trim() ?? '…';
}

/** A page's text without its fenced blocks, line by line as before. */
export function proseOf(text: string): string {
  let fence: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const [, , found] = opening.exec(line) ?? [];
      if (fence === undefined && found === undefined) return line;
      if (fence === undefined) fence = found;
      else if (line.trim() === fence) fence = undefined;
      return '';
    })
    .join('\n');
}
