import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { bundleWorkflows } from '../lib/temporal/bundle';

const kilobyte = 1000;

test('the workflow bundle holds no library but Temporal’s, of our code only what may run there, and stays small', async () => {
  const { code } = await bundleWorkflows(resolve('workflows/index.ts'));
  const [program = ''] = code.split('//# sourceMappingURL');
  const size = Math.round(program.length / kilobyte);
  process.stdout.write(`Workflow bundle: ${size} kB, ${Math.round(code.length / kilobyte)} kB with its source map\n`);

  const libraries = [...program.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map(([, name]) => name);
  expect([...new Set(libraries)].sort()).toEqual([
    '@temporalio/common',
    '@temporalio/workflow',
    'long',
    'ms',
    'nexus-rpc',
  ]);

  const folders = [...program.matchAll(/"\.\/((?!node_modules)[\w/.-]+)\/[\w.-]+\.ts"/g)].map(([, folder]) => folder);
  expect([...new Set(folders)].sort()).toEqual(['contracts/saga', 'lib/saga', 'lib/temporal', 'workflows']);
  // Of lib/temporal only what hands the context of the caller to each activity.
  expect(program).not.toMatch(/"\.\/lib\/temporal\/(?!workflow-interceptor|headers)/);
  expect(size).toBeLessThan(700);
});
