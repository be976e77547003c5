import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../tests/lib-support/eventually';
import { lockDirectory, DirectoryLocked } from './directory-lock';
import { isNotedRunning, notePid, startDaemon, stopNoted } from './processes';

let folder: string;
let pidFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sagaworks-processes-'));
  pidFile = join(folder, 'some.pid');
});
afterEach(async () => {
  await stopNoted(pidFile, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

const start = (script: string) =>
  startDaemon({
    command: '/bin/sh',
    args: ['-c', script],
    env: process.env,
    logFile: join(folder, 'log'),
    pidFile,
  });
const notedPid = (): number => (JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number }).pid;
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a daemon is found by its pid file, and stopped', async () => {
  const { ended } = await start('sleep 60');
  expect(isNotedRunning(pidFile)).toBe(true);
  expect(await stopNoted(pidFile, 'SIGTERM')).toBe(true);
  await ended;
  expect(existsSync(pidFile)).toBe(false);
  expect(await stopNoted(pidFile, 'SIGTERM')).toBe(false);
});

test('a daemon that does not listen is killed when its time is over', async () => {
  const { ended } = await start('trap "" TERM; while true; do sleep 0.1; done');
  await eventually(() => expect(isNotedRunning(pidFile)).toBe(true));
  await stopNoted(pidFile, 'SIGTERM', 200);
  await ended;
});

test('children that outlive their killed leader are stopped', async () => {
  const { ended } = await start('sleep 60 & echo $! > child.pid; wait'.replace('child.pid', join(folder, 'child.pid')));
  const child = await eventually(() => {
    const pid = Number(readFileSync(join(folder, 'child.pid'), 'utf8'));
    if (!pid) throw new Error('not yet');
    return pid;
  });
  process.kill(notedPid(), 'SIGKILL');
  await ended;
  expect(isRunning(child)).toBe(true);
  expect(await stopNoted(pidFile, 'SIGTERM')).toBe(true);
  await eventually(() => expect(isRunning(child)).toBe(false));
});

test('a process that was given the same number later is left alone', async () => {
  const { ended } = await start('sleep 60');
  const pid = notedPid();
  const note = readFileSync(pidFile, 'utf8');
  writeFileSync(pidFile, JSON.stringify({ ...(JSON.parse(note) as object), startedAt: '1' }));
  expect(await stopNoted(pidFile, 'SIGKILL')).toBe(false);
  expect(isRunning(pid)).toBe(true);
  writeFileSync(pidFile, note);
  await stopNoted(pidFile, 'SIGKILL');
  await ended;
});

test('in a copy of the directory the note means nothing', async () => {
  await start('sleep 60');
  const copy = join(mkdtempSync(join(folder, 'copy-')), 'some.pid');
  writeFileSync(copy, readFileSync(pidFile));
  expect(await stopNoted(copy, 'SIGKILL')).toBe(false);
  expect(isNotedRunning(pidFile)).toBe(true);
});

test('a program that does not exist is reported', async () => {
  const missing = { command: join(folder, 'missing'), args: [], env: {}, logFile: join(folder, 'log'), pidFile };
  await expect(startDaemon(missing)).rejects.toThrow('ENOENT');
});

test('a directory has one owner at a time, and a dead owner has none of it', async () => {
  const owner = join(folder, 'owner.pid');
  const { ended } = await start('sleep 60');
  renameSync(pidFile, owner);
  expect(() => lockDirectory(folder)).toThrow(DirectoryLocked);
  renameSync(owner, pidFile);
  await stopNoted(pidFile, 'SIGKILL');
  await ended;
  notePid(owner, 2 ** 22 + 1);
  const release = lockDirectory(folder);
  expect(isNotedRunning(owner)).toBe(true);
  release();
  expect(existsSync(owner)).toBe(false);
});
