import { existsSync, readFileSync } from 'node:fs';
import { isExample } from './links';
import { blocksOf, proseOf, readPage } from './pages';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/**
 * The commands of a page that are none: a script that package.json has not, a command or an option of `sagaworks` that
 * its help does not name, tests that are not there. Also those in the text, and those that are not run.
 */
export function unknownCommands(page: string, help: ReadonlyMap<string, string>, text = readPage(page)): string[] {
  const prose = proseOf(text);
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([whole, code = ''], _, __) => ({
    line: prose.slice(0, prose.indexOf(whole)).split('\n').length,
    code: code.replaceAll('\n', ' '),
  }));
  const fenced = blocksOf(page, text)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ line, code }) =>
      code.split('\n').map((one, index) => ({ line: line + index + 1, code: one.replace(/(^|\s)#.*/, '') })),
    );
  return [...inline, ...fenced].flatMap(({ line, code }) =>
    code.split(/&&|;|\||\n/).flatMap((command) => wrongIn(command, help).map((why) => `${page}:${line}: ${why}`)),
  );
}

function wrongIn(command: string, help: ReadonlyMap<string, string>): string[] {
  const words = command
    .trim()
    .split(/\s+/)
    .filter((word) => !/^[A-Z_]+=/.test(word));
  if (words[0] === 'npm' && words[1] === 'run') return wrongScript(words.slice(2), help);
  if (words[0] === 'npm' && words[1] === 'test' && words[2] === '--') return missingTests(words.slice(3));
  return words[0] === 'sagaworks' ? wrongVerb(words.slice(1), help) : [];
}

function wrongScript([script = '', ...rest]: string[], help: ReadonlyMap<string, string>): string[] {
  if (!Object.hasOwn(scripts, script)) return [`npm run ${script}: there is no such script`];
  return script === 'sagaworks' && rest[0] === '--' ? wrongVerb(rest.slice(1), help) : [];
}

/** The words of a command that are its own, not values: verbs, and options. */
function wrongVerb([name = '', ...rest]: string[], help: ReadonlyMap<string, string>): string[] {
  if (name.startsWith('-') || name === '' || name.startsWith('<')) return [];
  const usage = help.get(name);
  if (usage === undefined) return [`sagaworks ${name}: there is no such command`];
  const own = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
  const [verb] = rest;
  // A verb follows the command; names, ids and placeholders do not look like one, or are not of a fixed set.
  const verbs = new Set(['--help', ...usage.split(/[^\w-]+/)]);
  const isVerb = verb !== undefined && /^[a-z]+$/.test(verb) && !/^run|^codec/.test(name);
  const unknown = [...own, ...(isVerb ? [verb] : [])].filter((word) => !verbs.has(word));
  return unknown.map((word) => `sagaworks ${name}: its help does not know "${word}"`);
}

const missingTests = (paths: string[]): string[] =>
  paths
    .filter((path) => /^[\w./-]+$/.test(path) && !path.startsWith('-') && !existsSync(path))
    .filter((path) => !isExample(path))
    .map((path) => `npm test -- ${path}: there are no such tests`);
