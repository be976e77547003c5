import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf } from './anchors';
import { blocksOf, filesOf, proseOf, readPage, untracked } from './pages';

/** How a page names where a link leads: in Markdown, as a reference, in HTML. */
const linkPatterns = [
  /\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g,
  /^\s*\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/g,
  /<[a-z]+\s[^>]*?\b(?:href|src|srcset)="([^"\s]+)/g,
];

/** The links of a page that lead nowhere: to a file that is not in the repository, or a heading that its page has not. */
export function brokenLinks(page: string, text = readPage(page)): string[] {
  return proseOf(text)
    .split('\n')
    .flatMap((line, index) => {
      const prose = line.replaceAll(/`[^`]*`/g, '');
      const targets = linkPatterns.flatMap((pattern) => [...prose.matchAll(pattern)].map(([, target = '']) => target));
      return targets.filter((target) => !leads(page, text, target)).map((target) => `${page}:${index + 1}: ${target}`);
    });
}

function leads(page: string, text: string, target: string): boolean {
  if (/^(https?|mailto):/.test(target)) return true;
  const [path = '', anchor] = target.split('#').map(decodeURIComponent);
  if (path === '') return anchor !== undefined && anchorsOf(text).has(anchor);
  const file = normalize(join(dirname(page), path));
  return isInRepository(file) && (anchor === undefined || hasAnchor(file, anchor));
}

function isInRepository(file: string): boolean {
  const isOutside = file.split('/').some((part) => part === '..' || untracked.has(part));
  return !isOutside && existsSync(file);
}

const hasAnchor = (file: string, anchor: string): boolean =>
  file.endsWith('.md') && statSync(file).isFile() && anchorsOf(readPage(file)).has(anchor);

const inCode = /\.(ts|js|mjs|cjs|sh|py|yml|json|svg)$/;
/** Tests name pages that are not there, and recorded data speaks of its own time. */
const notRead = /\.test\.ts$|^package-lock\.json$|^tests\/(replay\/histories|upgrade\/dump)\//;

/** The files that are no pages, and may name some: comments, messages, descriptions. */
export const codeFiles = (): string[] => filesOf().filter((path) => inCode.test(path) && !notRead.test(path));

const isPage = (page: string, anchor: string | undefined): boolean =>
  existsSync(page) && (anchor === undefined || hasAnchor(page, anchor));

/**
 * The pages that code names, such as docs/errors.md or docs/README.md#reference, and that are not there. Generators of
 * pages name others as seen from docs/.
 */
export function missingPages(file: string, text = readFileSync(file, 'utf8')): string[] {
  return text.split('\n').flatMap((line, index) => {
    const named = [...line.matchAll(/(?<![\w./-])((?:[\w-]+\/)+[\w-]+\.md|[A-Z]+\.md)(?:#([\w-]+))?/g)];
    return named
      .filter(([, page = '', anchor]) => !isPage(page, anchor) && !isPage(join('docs', page), anchor))
      .map(([name]) => `${file}:${index + 1}: ${name}`);
  });
}

const folders = 'activities|bench|cli|contracts|docs|examples|infra|lib|services|tests|workers|workflows';
const path = new RegExp(`\`((?:${folders})/[\\w./-]*\\w/?)\``, 'g');

/** The service that docs/how-to/add-a-service.md makes as its example. */
export const isExample = (name: string): boolean => name.includes('loyalty');

/** The files and folders that a page names in its text, such as `lib/inbox/`, and that are not there, nor made by it. */
export function missingFiles(page: string, text = readPage(page)): string[] {
  const made = blocksOf(page, text).flatMap(({ mark }) => (mark?.is === 'new' ? [mark.file] : []));
  return proseOf(text)
    .split('\n')
    .flatMap((line, index) => {
      const named = [...line.matchAll(path)].map(([, name = '']) => name);
      return named
        .filter((name) => !existsSync(name) && !isExample(name) && !made.includes(name))
        .map((name) => `${page}:${index + 1}: ${name}`);
    });
}
