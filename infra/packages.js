'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/**
 * Whether node_modules holds what package-lock.json says. npm notes there what it has installed as the last thing it
 * does, so after an interrupted installation the note is missing.
 */
function packagesAreCurrent(root) {
  const wanted = packagesIn(path.join(root, 'package-lock.json'));
  const installed = packagesIn(path.join(root, 'node_modules/.package-lock.json'));
  return Object.entries(wanted).every(
    ([name, { version, integrity, optional, devOptional }]) =>
      name === '' ||
      optional || // For another platform, perhaps.
      devOptional ||
      (installed[name]?.version === version && installed[name].integrity === integrity),
  );
}

function packagesIn(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).packages : {};
}

/** Where nothing answers, two quick attempts more are enough; npm's own take minutes. */
const quickRetries = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

/**
 * Installs the packages of the lockfile with npm.
 * @throws why that failed: in one sentence where the registry does not answer, otherwise what npm says.
 */
function installPackages(root) {
  const { status, stderr } = npm(['ci', '--include=dev', '--include=optional'], root);
  // Without a registry npm may give up with the exit code 0, and say no more than "Exit handler never called!".
  if (status === 0 && packagesAreCurrent(root)) return;
  const ping = npm(['ping'], root);
  throw new Error(ping.status === 0 ? stderr.trim() : `the npm registry does not answer: ${reasonIn(ping.stderr)}`);
}

function npm(args, cwd) {
  const all = [...args, '--no-audit', '--no-fund', '--loglevel=error', ...quickRetries];
  const { status, error, stderr } = spawnSync('npm', all, {
    cwd,
    encoding: 'utf8',
    stdio: ['inherit', 'inherit', 'pipe'],
    shell: process.platform === 'win32',
  });
  return { status, stderr: error ? `npm cannot be run: ${error.message}` : stderr };
}

/** The first line of npm's errors that says more than a code. */
function reasonIn(stderr) {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const reason = lines.find((line) => line !== '' && !/^(code|errno|syscall) /.test(line));
  return reason ? reason.replace(/\.+$/, '') : 'it does not say why';
}

module.exports = { installPackages, packagesAreCurrent, quickRetries, reasonIn };
