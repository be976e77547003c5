import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { scripts } from './completion/scripts';
import { describeCommand } from './description';
import { createProgram } from './program';

const program = describeCommand(createProgram());

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const line = ['sagaworks', ...words];
  const script = `${scripts.bash(program)}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sagaworks; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['-euc', script, 'bash', ...line], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

test.each([
  [['dl'], ['dlq']],
  [
    ['dlq', ''],
    ['list', 'show', 'redrive', 'discard', '--help'],
  ],
  [
    ['dlq', 'redrive', '--d'],
    ['--dry-run', '--data'],
  ],
  [['outbox', 'parked', 're'], ['retry']],
  [['outbox', 'pause', 'no'], ['notifications']],
  [['run', 'relay', 'bri'], ['bridge']],
  [
    ['token', '--role', ''],
    ['customer', 'viewer', 'service', 'support', 'operator', 'admin'],
  ],
  [['token', '--role', '=', 'cus'], ['customer']],
  [
    ['token', '--role', '='],
    ['customer', 'viewer', 'service', 'support', 'operator', 'admin'],
  ],
  [['token', '--user', ''], []],
  [['dlq', 'redrive', '--data', 'package.j'], ['package.json']],
  [['help', 'dlq', 'sh'], ['show']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish', '--json', '--help'],
  ],
])('bash completes %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit']).status === 0;

test.each(['bash', 'zsh', 'fish'] as const)('%s can read its script, where it is installed', (shell) => {
  const script = scripts[shell](program);
  expect(script).toContain('redrive');
  expect(script).toContain('--any-origin'.slice(2));
  if (has(shell))
    expect(spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});
