import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, runCommand } from '../commands';
import { UserError } from '../steps';

/** Whether packages can be installed without asking: as root, where there is apt. */
export const canInstall = (): boolean => process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined;

/** How long another apt may take, such as the machine's own nightly one. */
const timeoutMs = 180_000;

let before: Promise<void> = Promise.resolve();

/** Installs a Debian package, one at a time: apt works alone. @throws UserError with the end of apt's output. */
export function aptInstall(name: string): Promise<void> {
  const next = (): Promise<void> => install(name);
  before = before.then(next, next);
  return before;
}

async function install(name: string): Promise<void> {
  await apt(['update']);
  await apt(['install', '-y', '--no-install-recommends', name]);
}

async function apt(args: readonly string[]): Promise<void> {
  // RUNLEVEL=1 keeps a package from starting its service, where the service manager still listens to that.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { ok, tail } = await runCommand('apt-get', ['-q', ...args], { env });
    if (ok) return;
    const command = `apt-get ${args.join(' ')}`;
    if (!tail.includes('Could not get lock') || Date.now() > deadline) {
      throw new UserError(`${command} failed:\n${tail}`, `sudo ${command}`);
    }
    await sleep(1_000);
  }
}
