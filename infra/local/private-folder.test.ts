import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { privateFolder } from './private-folder';

const accessOf = (folder: string): string => (statSync(folder).mode & 0o777).toString(8);

test('a folder of the local stack can be entered by its owner only, also one that was open before', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-'));
  expect(accessOf(privateFolder(join(directory, 'new', 'logs')))).toBe('700');
  const open = join(directory, 'open');
  mkdirSync(open, { mode: 0o755 });
  expect(accessOf(privateFolder(open))).toBe('700');
  rmSync(directory, { recursive: true });
});
