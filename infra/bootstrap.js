'use strict';
/*
 * The first thing that `npm start`, `npm test` and the others run, on a clone that may have nothing but Node, in a version
 * that node.sh has seen to: installs the packages when they are not those of the lockfile, then runs the given TypeScript
 * file in this process.
 */
const fs = require('node:fs');
const path = require('node:path');
const { buildConsole, consoleIsCurrent } = require('./console');
const { installPackages, packagesAreCurrent } = require('./packages');
const { isSupported, oldestSupported } = require('./pinned-node');

const root = path.resolve(__dirname, '..');

if (!isSupported(process.versions.node)) {
  console.error(`Sagaworks needs Node ${oldestSupported()} or newer, and this is ${process.versions.node}.`);
  console.error('\n  To fix it:  start it as the scripts of package.json do (npm start): they fetch a newer one');
  process.exit(1);
}

if (!packagesAreCurrent(root)) {
  try {
    fs.accessSync(root, fs.constants.W_OK);
  } catch (error) {
    console.error(`The packages are not those of the lockfile, and cannot be installed here: ${error.message}`);
    console.error('\n  To fix it:  start from a copy of the checkout in a folder that you may write to');
    process.exit(1);
  }
  console.log('  · The packages are not those of the lockfile: npm ci');
  const began = performance.now();
  try {
    installPackages(root);
  } catch (error) {
    console.error(`The packages could not be installed: ${error.message}.`);
    console.error('\n  To fix it:  npm ci --include=dev, then the same command again');
    process.exit(1);
  }
  console.log(`  ✓ Packages installed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

process.chdir(root);
if (!consoleIsCurrent(root)) {
  try {
    buildConsole(root);
  } catch (error) {
    // Everything else works without it, and the console says so itself.
    console.error(`  · The console could not be built, and is as it was before: ${error.message}`);
  }
}
const [script, ...args] = process.argv.slice(2);
const entry = path.resolve(root, script);
process.argv = [process.argv[0], entry, ...args];
require('tsx/cjs');
require(entry);
