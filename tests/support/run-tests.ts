import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { DirectoryLocked } from '../../infra/local/directory-lock';
import { stopStack } from '../../infra/local/previous-run';
import { anyPorts } from '../../infra/local/ports';
import { startStack, type Stack } from '../../infra/local/stack';
import { describeError } from '../../infra/local/steps';
import { runFolderVariable } from '../lib-support/run-folder';
import { compileCheckout } from './compile';

const needed = ['DATABASE_URL', 'RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL', 'TEMPORAL_ADDRESS'];
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a signal has to end: the stack while it starts, Jest while it runs. */
let onSignal: (signal: NodeJS.Signals) => void = () => process.exit(1);

/** `npm test`: a stack of its own, at ports of its own, for the time of the tests; arguments go to Jest. */
async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
  const given = needed.every((name) => process.env[name]);
  const stack = given ? undefined : await startTestStack();
  const env = Object.fromEntries(needed.map((name) => [name, stack?.env[name] ?? process.env[name]]));
  const { code, passed, failed, files } = await runJest(process.argv.slice(2), env).finally(() =>
    stack?.stop('delete'),
  );
  showSlowest(files);
  print(`${passed} passed, ${failed} failed`);
  // A run without a single test proves nothing.
  process.exitCode = code === 0 && passed + failed === 0 ? 1 : code;
}

/** A second run in the same checkout gets a directory of its own. */
async function startTestStack(run = 1): Promise<Stack> {
  const directory = resolve('.sagaworks', run === 1 ? 'test-stack' : `test-stack-${run}`);
  const began = performance.now();
  onSignal = () => void stopStack(directory, 'delete').finally(() => process.exit(130));
  try {
    const ephemeral = ['postgres', 'temporal'] as const;
    const stack = await startStack({ directory, log: print, fresh: true, ports: anyPorts, ephemeral });
    print(`  The test stack (${stack.kind}) is up after ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    return stack;
  } catch (error) {
    if (error instanceof DirectoryLocked && run < 4) return startTestStack(run + 1);
    throw error;
  }
}

interface Outcome {
  code: number;
  passed: number;
  failed: number;
  files: TestFile[];
}

interface TestFile {
  path: string;
  seconds: number;
}

const shown = 15;

/** Where the time of a long run went. */
function showSlowest(files: readonly TestFile[]): void {
  if (files.length <= shown) return;
  print('\n  The slowest files');
  const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, shown);
  for (const { path, seconds } of slowest) print(`    ${`${seconds.toFixed(0)} s`.padStart(6)}  ${path}`);
  print('');
}

async function runJest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sagaworks-tests-'));
  const report = join(folder, 'report.json');
  await compileCheckout(folder);
  const jest = fork(require.resolve('jest/bin/jest'), ['--json', '--outputFile', report, ...args], {
    execArgv: [],
    // What the processes of the tests share for the time of the run: JavaScript, bundles of workflows, and V8's code.
    env: { ...process.env, ...env, [runFolderVariable]: folder, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  onSignal = (signal) => void jest.kill(signal);
  const code = await exitCode(jest);
  const outcome = { code, ...readReport(report) };
  rmSync(folder, { recursive: true });
  return outcome;
}

async function exitCode(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** What is read of Jest's report. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; startTime: number; endTime: number }[];
}

/** A suite that cannot even be loaded counts as a failed test; without a report nothing has run. */
function readReport(file: string): Omit<Outcome, 'code'> {
  if (!existsSync(file)) return { passed: 0, failed: 0, files: [] };
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    files: report.testResults.map(({ name, startTime, endTime }) => ({
      path: relative('.', name),
      seconds: (endTime - startTime) / 1000,
    })),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${describeError(error)}\n`);
  print('0 passed, 0 failed');
  process.exit(1);
});
