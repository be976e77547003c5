import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { proseOf, readPage } from './pages';

/** The links of a page that lead nowhere: to a file that is not there, or a heading that its page has not. */
export function brokenLinks(page: string, text = readPage(page)): string[] {
  return proseOf(text)
    .split('\n')
    .flatMap((line, index) => {
      const targets = [...line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(
        ([, target = '']) => target,
      );
      return targets.filter((target) => !leads(page, target)).map((target) => `${page}:${index + 1}: ${target}`);
    });
}

function leads(page: string, target: string): boolean {
  if (/^(https?|mailto):/.test(target)) return true;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  return statSync(file).isFile() && anchorsOf(readPage(file)).has(anchor);
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(text).matchAll(/^#{1,6}\s+(.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let name = slug;
    for (let again = 1; anchors.has(name); again += 1) name = `${slug}-${again}`;
    anchors.add(name);
  }
  return anchors;
}

const folders = 'activities|bench|cli|contracts|docs|examples|infra|lib|services|tests|workers|workflows';
const path = new RegExp(`\`((?:${folders})/[\\w./-]*\\w/?)\``, 'g');

/** The service that docs/how-to/add-a-service.md makes as its example. */
export const isExample = (name: string): boolean => name.includes('loyalty');

/** The files and folders that a page names in its text, such as `lib/inbox/`, and that are not there. */
export function missingFiles(page: string, text = readPage(page)): string[] {
  return proseOf(text)
    .split('\n')
    .flatMap((line, index) => {
      const named = [...line.matchAll(path)].map(([, name = '']) => name);
      return named
        .filter((name) => !existsSync(name) && !isExample(name))
        .map((name) => `${page}:${index + 1}: ${name}`);
    });
}
