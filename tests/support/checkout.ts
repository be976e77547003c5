import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A copy of this checkout, with what is not committed yet, that a test may change. */
export interface Checkout {
  directory: string;
  /** Runs a program of `node_modules/.bin`, or `node`, in the copy. */
  run(program: string, ...args: string[]): Promise<{ code: number; out: string }>;
  drop(): Promise<void>;
}

export async function copyCheckout(): Promise<Checkout> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'sagaworks-checkout-')));
  const listed = await promisify(execFile)('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  const deleted = await promisify(execFile)('git', ['ls-files', '-z', '--deleted']);
  const gone = new Set(deleted.stdout.split('\0'));
  const files = [...new Set(listed.stdout.split('\0'))].filter((path) => path !== '' && !gone.has(path));
  for (const folder of new Set(files.map(dirname))) mkdirSync(join(directory, folder), { recursive: true });
  // All at once, in a tenth of the time that a promise for each of a thousand files takes.
  for (const path of files) copyFileSync(path, join(directory, path));
  await symlink(resolve('node_modules'), join(directory, 'node_modules'));

  const { JEST_WORKER_ID: _, NODE_OPTIONS: __, ...env } = process.env;
  return {
    directory,
    run: (program, ...args) =>
      new Promise((done) => {
        const file = program === 'node' ? process.execPath : join('node_modules', '.bin', program);
        execFile(file, args, { cwd: directory, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
          // `code` is the exit code, or a word when the program could not be started.
          const code = error ? Number(error.code ?? 1) : 0;
          done({ code, out: stdout + stderr });
        });
      }),
    drop: () => rm(directory, { recursive: true, force: true }),
  };
}
