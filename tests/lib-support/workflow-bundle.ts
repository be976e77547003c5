import { fork } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, existsSync, mkdirSync } from 'node:fs';
import { eventually } from './eventually';
import { programOf } from './program';
import { madeOf, runFolder } from './run-folder';

/**
 * The file with the bundle of the workflows that a module exports, made by the first test of the run that needs it: each
 * bundling takes a processor for seconds. Undefined outside of a run, where a worker bundles for itself.
 * @param workflowsPath absolute.
 */
export async function workflowBundleOf(workflowsPath: string): Promise<string | undefined> {
  const folder = runFolder();
  if (folder === undefined) return undefined;
  const file = `${madeOf(workflowsPath, folder)}.bundle.js`;
  if (existsSync(file)) return file;
  if (isFirst(file)) await make(workflowsPath, file);
  // The longest that a machine with other work takes; the first one says why there is none.
  else await eventually(() => accessSync(file), 60_000);
  return file;
}

/** Of several tests that need a file at the same time, one makes it. */
function isFirst(file: string): boolean {
  try {
    mkdirSync(`${file}.begun`);
    return true;
  } catch {
    return false;
  }
}

async function make(workflowsPath: string, file: string): Promise<void> {
  // Not in this process: Jest would load webpack for each file of tests, and takes far longer.
  const { file: program, execArgv } = programOf('tests/lib-support/workflow-bundle-process.ts');
  const maker = fork(program, [workflowsPath, file], { execArgv });
  const [code] = (await once(maker, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The workflows of ${workflowsPath} could not be bundled, see above`);
}
