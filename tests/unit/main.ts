import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runFolderVariable } from '../lib-support/run-folder';
import { compileCheckout } from '../support/compile';
import { reasonAgainst, unitTests } from './unit-tests';

/** A unit test that takes longer waits for something that does not come. */
const testTimeoutMs = 10_000;

/** The servers that `npm test` starts; a unit test must not find any. */
const servers = ['DATABASE_URL', 'RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL', 'TEMPORAL_ADDRESS'];

/** `npm run test:unit`: the tests that need no server, without one; arguments go to Jest. */
async function main(args: readonly string[]): Promise<void> {
  for (const file of args.filter((arg) => arg.endsWith('.test.ts') && existsSync(arg))) {
    const reason = reasonAgainst(relative('.', file));
    if (reason !== undefined) process.stderr.write(`${file} is no unit test, run it with npm test: ${reason}\n`);
  }
  const options = [
    ...unitTests().map((file) => `--testMatch=${join('<rootDir>', file)}`),
    '--setupFilesAfterEnv=<rootDir>/tests/unit/no-servers.ts',
    `--testTimeout=${testTimeoutMs}`,
  ];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !servers.includes(name)));
  const folder = mkdtempSync(join(tmpdir(), 'sagaworks-tests-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  // The test of the command line starts it dozens of times; for one or two files that takes longer than it saves.
  if (args.every((arg) => arg.startsWith('-'))) await compileCheckout(folder);
  const jest = fork(require.resolve('jest/bin/jest'), [...args, ...options], {
    execArgv: [],
    env: { ...env, [runFolderVariable]: folder },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => jest.kill(signal));
  jest.once('exit', (code) => process.exit(code ?? 1));
}

void main(process.argv.slice(2));
