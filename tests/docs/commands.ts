import { existsSync, readFileSync } from 'node:fs';
import type { CommandDescription } from '../../cli/description';
import { isExample } from './links';
import { blocksOf, proseOf, readPage } from './pages';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/**
 * The commands of a page that are none: a script that package.json has not, a command or an option that `sagaworks` has
 * not, tests that are not there. Also those in the text, and those that are not run.
 */
export function unknownCommands(page: string, sagaworks: CommandDescription, text = readPage(page)): string[] {
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
    code.split(/&&|;|\||\n/).flatMap((command) => wrongIn(command, sagaworks).map((why) => `${page}:${line}: ${why}`)),
  );
}

function wrongIn(command: string, sagaworks: CommandDescription): string[] {
  const words = command
    .trim()
    .split(/\s+/)
    .filter((word) => !/^[A-Z_]+=/.test(word));
  if (words[0] === 'npm' && words[1] === 'run') return wrongScript(words.slice(2), sagaworks);
  if (words[0] === 'npm' && words[1] === 'test' && words[2] === '--') return missingTests(words.slice(3));
  return words[0] === 'sagaworks' ? wrongCommand(words.slice(1), sagaworks) : [];
}

function wrongScript([script = '', ...rest]: string[], sagaworks: CommandDescription): string[] {
  if (!Object.hasOwn(scripts, script)) return [`npm run ${script}: there is no such script`];
  return script === 'sagaworks' && rest[0] === '--' ? wrongCommand(rest.slice(1), sagaworks) : [];
}

/** Goes down the commands as far as the words name them; what follows are arguments, and options of the last one. */
function wrongCommand(words: readonly string[], command: CommandDescription): string[] {
  const [word = '', ...rest] = words;
  const next = command.commands.find(({ path }) => path === `${command.path} ${word}`);
  if (next) return wrongCommand(rest, next);
  // Names, ids and placeholders do not look like a command.
  const isCommand = command.commands.length > 0 && /^[a-z][a-z-]*$/.test(word);
  if (isCommand) return [`${command.path} ${word}: there is no such command`];
  const options = words.filter((one) => one.startsWith('--')).map((one) => one.split('=')[0] ?? '');
  const known = command.options.map(({ long }) => long);
  return options
    .filter((option) => !known.includes(option))
    .map((option) => `${command.path}: it has no option ${option}`);
}

const missingTests = (paths: string[]): string[] =>
  paths
    .filter((path) => /^[\w./-]+$/.test(path) && !path.startsWith('-') && !existsSync(path))
    .filter((path) => !isExample(path))
    .map((path) => `npm test -- ${path}: there are no such tests`);
