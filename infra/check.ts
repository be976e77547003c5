import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What `npm run check` looks at; every check runs, also after another has failed. */
const checks: readonly (readonly [what: string, command: string, ...args: string[]])[] = [
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['lint', 'eslint', '.'],
  ['import direction', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', '.'],
  ['unused code', 'knip', '--no-progress'],
];

/** Runs one check; what it printed is shown only when it failed. */
async function passes([what, command, ...args]: (typeof checks)[number]): Promise<boolean> {
  const began = performance.now();
  const child = spawn(process.execPath, [binOf(command), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`  ${code === 0 ? '✓' : '✗'} ${what.padEnd(20)} ${seconds.padStart(6)} s\n`);
  if (code !== 0) process.stdout.write(Buffer.concat(output));
  return code === 0;
}

/** The script behind a package's command, so that no shell and no PATH is needed. */
const binOf = (command: string): string => `node_modules/.bin/${command}`;

async function main(): Promise<void> {
  const results: boolean[] = [];
  for (const check of checks) results.push(await passes(check));
  const failed = results.filter((passed) => !passed).length;
  process.stdout.write(failed === 0 ? '\n  All checks passed\n' : `\n  ${failed} of ${results.length} checks failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
