import { refuseDomainWords } from './domain-words';
import { createSteps } from './local/steps';
import { runCommand } from './local/commands';
import { refuseMergeMarks } from './merge-marks';
import { refuseRetiredWords } from './retired-words';

/** Where formatting and lint look: everywhere, or at the paths that were named. Everything else concerns all files. */
const paths = process.argv.length > 2 ? process.argv.slice(2) : ['.'];

/** What `npm run check` asks of the code: a program, or a function that throws. */
const parts: Record<string, string[] | (() => void)> = {
  'No merge-conflict marks': () => refuseMergeMarks(),
  'No words of the domain in lib': () => refuseDomainWords(),
  'No retired words in names': () => refuseRetiredWords(),
  'Format (prettier)': ['prettier', '--check', '--log-level', 'warn', ...paths],
  'Lint (eslint)': ['eslint', ...paths],
  'Types (tsc)': ['tsc', '--noEmit', '--pretty', 'false', '-p', '.'],
  'Types of the console (tsc)': ['tsc', '--noEmit', '--pretty', 'false', '-p', 'console'],
  'Import directions (dependency-cruiser)': ['depcruise', '--config', '.dependency-cruiser.cjs', '.'],
  'Unused code (knip)': ['knip', '--no-progress'],
  'Databases (as the modules declare)': ['tsx', 'infra/postgres/main.ts', 'check'],
  'Chart (as the modules declare)': ['tsx', 'infra/chart/main.ts', 'check'],
  'Authorisation (a rule for each route)': ['tsx', 'infra/authorization/main.ts', 'check'],
  'Configuration (a comment for each setting)': ['tsx', 'infra/configuration/main.ts', 'check'],
  'Links of the pages': ['tsx', 'tests/docs/check-pages.ts'],
  'Contracts (as released)': ['tsx', 'infra/contracts/main.ts', 'check'],
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const { step, note } = createSteps(print);

/** All parts run, also after one has failed, so that one run reports everything. */
async function main(): Promise<void> {
  const failures: string[] = [];
  for (const [name, part] of Object.entries(parts)) {
    await step(name, () => check(part)).catch((error: unknown) => {
      failures.push(name);
      print(`\n${(error as Error).message.trimEnd()}\n`);
    });
  }
  print(failures.length === 0 ? '\n  All checks passed' : `\n  Failed: ${failures.join(', ')}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function check(part: string[] | (() => void)): Promise<void> {
  if (typeof part === 'function') {
    part();
    return;
  }
  const [tool = '', ...args] = part;
  const { ok, all, out } = await runCommand(`node_modules/.bin/${tool}`, args);
  if (!ok) throw new Error(all);
  // What a part has left out, although it passed.
  if (tool === 'tsx' && out !== '') out.split('\n').forEach((line) => note(line));
}

void main();
