import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLogger } from '../telemetry/logger';
import { createLifecycle } from './lifecycle';
import type { Condition } from './readiness';

const logger = createLogger({ name: 'test', level: 'silent' });

test('a shutdown becomes unready first, then stops the parts one after the other, the last started first', async () => {
  const lifecycle = createLifecycle({ logger });
  const seen: string[] = [];
  for (const name of ['database', 'broker', 'http']) {
    lifecycle.onStop(name, async () => {
      seen.push(`${name} stops, ready: ${lifecycle.isReady()}`);
      await Promise.resolve();
      seen.push(`${name} stopped`);
    });
  }
  lifecycle.setReady();
  await Promise.all([lifecycle.shutdown(), lifecycle.shutdown()]);
  expect(seen).toEqual([
    'http stops, ready: false',
    'http stopped',
    'broker stops, ready: false',
    'broker stopped',
    'database stops, ready: false',
    'database stopped',
  ]);
});

test('a part that fails or hangs does not keep the others from stopping', async () => {
  const lifecycle = createLifecycle({ logger, deadlineMs: 50 });
  let stopped = false;
  lifecycle.onStop('database', () => Promise.resolve(void (stopped = true)));
  lifecycle.onStop('hangs', () => new Promise(() => undefined));
  lifecycle.onStop('fails', () => Promise.reject(new Error('no')));
  await lifecycle.shutdown();
  expect(stopped).toBe(true);
});

test('is ready when everything has started and every check passes', async () => {
  const lifecycle = createLifecycle({ logger });
  let state: 'up' | 'down' = 'down';
  lifecycle.addReadiness('broker', 'required', () => ({ state, reason: 'not connected' }));
  lifecycle.addReadiness('database', 'required', () => Promise.resolve({ state: 'up' }));
  expect(await lifecycle.readiness()).toEqual({ ready: false, missing: ['starting'] });
  lifecycle.setReady();
  expect(await lifecycle.readiness()).toEqual({ ready: false, missing: ['broker'] });
  expect(lifecycle.lastMissing()).toEqual(['broker']);
  state = 'up';
  expect(await lifecycle.readiness()).toEqual({ ready: true, missing: [] });
});

test('a readiness check that throws fails, and one that hangs times out', async () => {
  const lifecycle = createLifecycle({ logger });
  lifecycle.addReadiness('temporal', 'required', () => Promise.reject(new Error('down')));
  lifecycle.addReadiness('broker', 'optional', () => new Promise(() => undefined));
  lifecycle.setReady();
  expect(await lifecycle.readiness()).toEqual({ ready: false, missing: ['temporal', 'broker'] });
});

test('is ready while it can do some of its work, and names what is missing', async () => {
  const lifecycle = createLifecycle({ logger });
  let notes: Condition = { state: 'limited', reason: 'read-only' };
  lifecycle.addReadiness('notes database', 'either', () => notes);
  lifecycle.addReadiness('users database', 'either', () => Promise.reject(new Error('refused')));
  lifecycle.addReadiness('broker', 'optional', () => ({ state: 'down', reason: 'not connected' }));
  lifecycle.setReady();
  const limited = ['notes database (read-only)', 'users database', 'broker'];
  expect(await lifecycle.readiness()).toEqual({ ready: true, missing: limited });
  notes = { state: 'down', reason: 'refused' };
  expect(await lifecycle.readiness()).toMatchObject({ ready: false });
});

test('once draining it never becomes ready again', async () => {
  const lifecycle = createLifecycle({ logger });
  await lifecycle.shutdown();
  lifecycle.setReady();
  expect(await lifecycle.readiness()).toEqual({ ready: false, missing: ['draining'] });
});

const folder = resolve(__dirname, '..');
/** Runs a process whose lifecycle has one part, and returns its exit code and its output. */
async function run(stop: string, then: string, signal?: NodeJS.Signals) {
  const program = `
    const { createLifecycle } = require('${folder}/lifecycle/lifecycle');
    const { createLogger } = require('${folder}/telemetry/logger');
    const lifecycle = createLifecycle({ logger: createLogger({ name: 'p', level: 'info' }), deadlineMs: 100 });
    lifecycle.onStop('part', async () => { ${stop} });
    lifecycle.stopOnSignals();
    setInterval(() => undefined, 1000);
    console.log('started');
    ${then}
  `;
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    // Once: a second signal would end the process immediately.
    if (signal && !child.killed && output.includes('started')) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

test('SIGTERM stops everything and exits with 0', async () => {
  const { code, output } = await run(`console.log('stopped');`, '', 'SIGTERM');
  expect(output).toContain('stopped');
  expect(code).toBe(0);
});

test('a part that does not stop in time makes the exit code 1', async () => {
  expect((await run('await new Promise(() => {});', '', 'SIGTERM')).code).toBe(1);
});

test.each(['throw new Error("bug");', 'void Promise.reject(new Error("bug"));'])(
  'an uncaught error is logged and exits with 70: %s',
  async (crash) => {
    const { code, output } = await run('', `setTimeout(() => { ${crash} }, 10);`);
    expect(code).toBe(70);
    expect(output).toContain('"level":"fatal"');
    expect(output).toContain('bug');
  },
);
