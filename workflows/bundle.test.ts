import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { bundleWorkflows } from '../lib/temporal/bundle';

const kilobyte = 1000;

test('the workflow bundle holds no library but Temporal’s, and stays small', async () => {
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
  expect(size).toBeLessThan(700);
});
