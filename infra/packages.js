'use strict';
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

module.exports = { packagesAreCurrent };
