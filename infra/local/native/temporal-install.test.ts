import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Way } from './temporal-download';
import { ensureTemporal } from './temporal-install';

const steps = { note: () => undefined, step: <T>(_: string, run: () => Promise<T>) => run() };

const broken: Way = { title: 'a registry', get: () => Promise.reject(new Error('no answer')) };
const empty: Way = { title: 'an archive', get: (folder) => Promise.resolve(join(folder, 'temporal')) };
const working: Way = {
  title: 'a download',
  get(folder) {
    const program = join(folder, 'temporal');
    writeFileSync(program, '#!/bin/sh\n');
    return Promise.resolve(program);
  },
};

let folder: string;
let tools: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sagaworks-temporal-'));
  tools = join(folder, 'tools');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the program on PATH is used', async () => {
  const path = join(folder, 'bin');
  mkdirSync(path);
  writeFileSync(join(path, 'temporal'), '#!/bin/sh\n');
  chmodSync(join(path, 'temporal'), 0o755);
  expect(await ensureTemporal(tools, steps, path, [broken])).toBe(join(path, 'temporal'));
});

test('the first way that works is gone, once', async () => {
  const program = await ensureTemporal(tools, steps, '', [broken, empty, working]);
  expect(() => accessSync(program, constants.X_OK)).not.toThrow();
  expect(readdirSync(tools)).toEqual(['temporal']);
  expect(await ensureTemporal(tools, steps, '', [])).toBe(program);
});

test('when no way works each reason is reported, with a command that fixes it, and nothing is left behind', async () => {
  const failure = ensureTemporal(tools, steps, '', [broken, empty]);
  await expect(failure).rejects.toThrow('a registry: no answer');
  await expect(failure).rejects.toThrow('an archive: there is no');
  await expect(failure).rejects.toHaveProperty('fix');
  expect(readdirSync(tools)).toEqual([]);
});
