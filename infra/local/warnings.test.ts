import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../tests/lib-support/eventually';
import { showWarnings } from './warnings';

const line = (level: string, msg: string, more: object = {}): string =>
  `${JSON.stringify({ level, time: '2026-01-02T03:04:05.678Z', msg, ...more })}\n`;

let folder: string;
let logFile: string;
let shown: string[];
let stop: () => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sagaworks-warnings-'));
  logFile = join(folder, 'app.log');
  writeFileSync(logFile, line('warn', 'of an earlier run'));
  shown = [];
  stop = showWarnings(logFile, (text) => shown.push(text));
});
afterEach(() => {
  stop();
  rmSync(folder, { recursive: true });
});

test('warnings and errors are shown with their reason, everything else is not', async () => {
  appendFileSync(logFile, line('info', 'request') + line('warn', 'broker connection failed', { reason: 'gone' }));
  appendFileSync(logFile, line('error', 'request failed', { err: { message: 'no such table' } }));
  await eventually(() =>
    expect(shown).toEqual([
      '  ! 03:04:05  warn  broker connection failed: gone',
      '  ! 03:04:05  error request failed: no such table',
    ]),
  );
});

test('a warning that comes again and again is shown once', async () => {
  appendFileSync(logFile, [1, 2, 3].map((times) => line('warn', `tried ${times} times`)).join(''));
  appendFileSync(logFile, line('fatal', 'crashed'));
  await eventually(() => expect(shown).toHaveLength(2));
});

test('a line that is still being written is shown when it is whole', async () => {
  const whole = line('warn', 'in two parts');
  appendFileSync(logFile, line('warn', 'first') + whole.slice(0, 30));
  await eventually(() => expect(shown).toHaveLength(1));
  appendFileSync(logFile, whole.slice(30));
  await eventually(() => expect(shown).toHaveLength(2));
});
