import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of a whole run of tests, which ends with it; without one, nothing is shared. */
export const runFolderVariable = 'TEST_RUN_FOLDER';

/**
 * The file with the bundle of the workflows that a module exports, made by the first test of the run that needs it: each
 * bundling takes a processor for seconds. Undefined outside of a run, where a worker bundles for itself.
 * @param workflowsPath absolute.
 */
export async function workflowBundleOf(workflowsPath: string): Promise<string | undefined> {
  const folder = process.env[runFolderVariable];
  if (folder === undefined) return undefined;
  const file = join(folder, `${createHash('sha256').update(workflowsPath).digest('hex').slice(0, 16)}.bundle.js`);
  if (existsSync(file)) return file;
  // Not in this process: Jest would load webpack for each file of tests, and takes far longer.
  const maker = fork(join(__dirname, 'workflow-bundle-process.ts'), [workflowsPath, file], {
    execArgv: ['--require', require.resolve('tsx/cjs')],
  });
  const [code] = (await once(maker, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The workflows of ${workflowsPath} could not be bundled, see above`);
  return file;
}
