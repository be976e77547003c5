import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const program = `
  const { z } = require('zod');
  const { loadConfig } = require(${JSON.stringify(resolve(__dirname, 'load'))});
  const schema = z.object({ PORT: z.coerce.number().int().default(3000), SECRET: z.string().min(32), LEVEL: z.enum(['info', 'warn']) });
  console.log(JSON.stringify(loadConfig(schema)));
`;
const run = (env: Record<string, string>) =>
  spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', program], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
  });

test('a valid environment becomes the configuration', () => {
  const { status, stdout } = run({ SECRET: 'x'.repeat(32), LEVEL: 'warn', PORT: '' });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ PORT: 3000, SECRET: 'x'.repeat(32), LEVEL: 'warn' });
});

test('every problem is printed, no value is, and the process exits with 78', () => {
  const { status, stderr } = run({ SECRET: 'tooshortsecret', PORT: 'eighty' });
  expect(status).toBe(78);
  expect(stderr).toContain('SECRET: Too small');
  expect(stderr).toContain('PORT: Invalid input: expected number');
  expect(stderr).toContain('LEVEL: is not set');
  expect(stderr).not.toContain('tooshortsecret');
  expect(stderr).not.toContain('eighty');
});
