'use strict';
/*
 * The first thing that `npm start`, `npm test` and the others run, on a clone that may have nothing but Node:
 * installs the packages when they are not those of the lockfile, then runs the given TypeScript file in this process.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { packagesAreCurrent } = require('./packages');

const root = path.resolve(__dirname, '..');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Sagaworks needs Node 20.19 or newer, and this is ${process.versions.node}.`);
  console.error('\n  To mend it:  nvm install 22');
  process.exit(1);
}

if (!packagesAreCurrent(root)) {
  try {
    fs.accessSync(root, fs.constants.W_OK);
  } catch (error) {
    console.error(`The packages are not those of the lockfile, and cannot be installed here: ${error.message}`);
    console.error('\n  To mend it:  start from a copy of the checkout in a folder that you may write to');
    process.exit(1);
  }
  console.log('  · The packages are not those of the lockfile: npm ci');
  const began = performance.now();
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(`\nnpm ci failed, see above.\n\n  To mend it:  npm ci --include=dev, then the same command again`);
    process.exit(status || 1);
  }
  console.log(`  ✓ Packages installed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

process.chdir(root);
const [script, ...args] = process.argv.slice(2);
const entry = path.resolve(root, script);
process.argv = [process.argv[0], entry, ...args];
require('tsx/cjs');
require(entry);
