import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isNotedRunning, notePid } from './processes';
import { Trouble } from './steps';

/** Another process has the directory. */
export class Claimed extends Trouble {}

/**
 * Takes a stack's directory for this process, so that two never share one. Gives back how to let it go; the claim of
 * a process that is gone does not count.
 * @throws Claimed when another process has it.
 */
export function claim(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'owner.pid');
  for (;;) {
    try {
      notePid(file, process.pid, 'wx');
      const release = (): void => {
        process.off('exit', release);
        rmSync(file, { force: true });
      };
      process.once('exit', release);
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isNotedRunning(file)) {
      const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
      throw new Claimed(`Sagaworks already runs here, as process ${pid}`, `kill ${pid}`);
    }
    moveAway(file);
  }
}

/** Moved, not removed: of two who find the same stale claim only one can, and the other looks again. */
function moveAway(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (isNotedRunning(aside)) renameSync(aside, file);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
