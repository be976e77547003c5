import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

function sagaworks(...args: string[]) {
  return sagaworksWith({}, ...args);
}

function sagaworksWith(settings: Record<string, string>, ...args: string[]) {
  const command = ['--require', 'tsx/cjs', resolve('cli/sagaworks.ts'), ...args];
  const env = { ...process.env, ...settings };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

test.each([[['dlq', '--help']], [['dlq', 'redrive', '-h']], [['help', 'dlq']]])(
  'sagaworks %j shows the help of that command, and of no other',
  (args) => {
    const { status, stdout } = sagaworks(...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: sagaworks dlq list \| show <id> /);
    expect(stdout).not.toMatch(/projections|codec-server/);
  },
);

test('arguments that make no sense are answered with the help of their command', () => {
  const { status, stderr } = sagaworks('order', 'look');
  expect(status).toBe(64);
  expect(stderr).toContain('Usage: sagaworks order show|history|diff');
  expect(stderr).not.toContain('dlq');
});

test('the help of all commands names each of them', () => {
  const { status, stdout } = sagaworks('--help');
  expect(status).toBe(0);
  for (const name of ['run', 'topology', 'dlq', 'sagas', 'codec-server']) expect(stdout).toContain(`\n  ${name} `);
});

test.each([
  [['topology', 'plan'], { RABBITMQ_URL: 'amqp://127.0.0.1:2', RABBITMQ_MANAGEMENT_URL: 'http://127.0.0.1:2' }],
  [['projections', 'verify', 'order-list'], { ORDERS_DATABASE_URL: 'postgres://127.0.0.1:2/orders' }],
  [['deploy', 'promote', 'v1'], { TEMPORAL_ADDRESS: '127.0.0.1:2' }],
])('sagaworks %j ends with 69 and one line when the system that it needs is away', (args, settings) => {
  const { status, stdout, stderr } = sagaworksWith(settings, ...args);
  expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 69, stdout: '', lines: 1 });
});
