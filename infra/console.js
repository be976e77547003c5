'use strict';
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/** Whether console/dist was built from the sources and packages that are here. */
function consoleIsCurrent(root) {
  const note = noteIn(root);
  return fs.existsSync(note) && fs.readFileSync(note, 'utf8') === sourcesHash(root);
}

/** Builds console/dist with Vite, in about a second. @throws what Vite says when that fails. */
function buildConsole(root) {
  const hash = sourcesHash(root);
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'console', '--logLevel', 'warn'];
  const { status, stderr, error } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(error ? error.message : stderr.trim());
  fs.writeFileSync(noteIn(root), hash);
}

const noteIn = (root) => path.join(root, 'console/dist/sources.sha256');

function sourcesHash(root) {
  const hash = createHash('sha256');
  const source = path.join(root, 'console/src');
  const inSource = fs.existsSync(source) ? fs.readdirSync(source, { recursive: true }) : [];
  const files = [
    ...inSource.map((name) => path.join('console/src', name)).sort(),
    ...['console/index.html', 'console/vite.config.mjs', 'console/tsconfig.json', 'package-lock.json'],
  ];
  for (const file of files) {
    const at = path.join(root, file);
    if (fs.existsSync(at) && fs.statSync(at).isFile()) hash.update(file).update('\0').update(fs.readFileSync(at));
  }
  return hash.digest('hex');
}

module.exports = { buildConsole, consoleIsCurrent };
