import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isNotedRunning, notePid } from './processes';
import { UserError } from './steps';

/** Another process has the directory. */
export class DirectoryLocked extends UserError {}

/** Nothing can be written in the directory. */
export class NotWritable extends UserError {}

/**
 * Takes a stack's directory for this process, so that two never share one. Returns a function that releases it.
 * @throws DirectoryLocked when another process has it, NotWritable when this one may not write there.
 */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, 'owner.pid');
  const release = inWritable(directory, () => {
    mkdirSync(directory, { recursive: true });
    return take(file);
  });
  if (release) return release;
  const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
  throw new DirectoryLocked(`Sagaworks already runs here, as process ${pid}`, `kill ${pid}`);
}

/** Forbidden, a read-only file system, a file in a folder's place, a link to nowhere. */
const notWritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'];

function inWritable<Result>(directory: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!notWritable.includes(code)) throw error;
    throw new NotWritable(
      `Sagaworks keeps its data, logs and secrets in ${directory}, and cannot write there: ${message}`,
      `make ${directory} a folder that you may write to, or start from a copy of the checkout in such a folder`,
    );
  }
}

/** What this process has taken, and releases at its end. */
const taken = new Set<string>();
process.once('exit', () => taken.forEach(release));

/**
 * Takes a name, a pid file, for this process. Returns a function that releases it, or undefined when another process has it;
 * the note of a process that is gone does not count.
 */
export function take(file: string): (() => void) | undefined {
  for (;;) {
    try {
      notePid(file, process.pid, 'wx');
      taken.add(file);
      return () => release(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isNotedRunning(file)) return undefined;
    moveStale(file);
  }
}

function release(file: string): void {
  if (taken.delete(file)) rmSync(file, { force: true });
}

/** Moved, not removed: of two who find the same stale note only one can, and the other looks again. */
function moveStale(file: string): void {
  const stale = `${file}.${process.pid}`;
  try {
    renameSync(file, stale);
    if (isNotedRunning(stale)) renameSync(stale, file);
    rmSync(stale, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
