import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/**
 * Bundles the workflows into a file, in a process of its own, since the bundler takes 100 MiB that the API does not need.
 * @returns the variable that names the file; none when that failed: then the saga worker bundles them itself, and reports why
 */
export async function bundleWorkflows(file: string): Promise<{ WORKFLOW_BUNDLE?: string }> {
  const bundler = fork(resolve('infra/docker/bundle-workflows.ts'), [file], {
    execArgv: ['--require', require.resolve('tsx/cjs')],
    stdio: 'ignore',
  });
  const [code] = (await once(bundler, 'exit')) as [number | null];
  return code === 0 ? { WORKFLOW_BUNDLE: file } : {};
}
