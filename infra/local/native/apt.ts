import { findProgram, runCommand } from '../commands';
import { Trouble } from '../steps';

/** Whether packages can be installed without asking anybody: as root, where there is apt. */
export const canInstall = (): boolean => process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined;

/** Installs a Debian package. @throws Trouble with the end of apt's output. */
export async function aptInstall(name: string): Promise<void> {
  // RUNLEVEL=1 keeps a package from starting its service, where the service manager still listens to that.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    const { ok, tail } = await runCommand('apt-get', ['-q', ...args], { env });
    if (!ok) throw new Trouble(`apt-get ${args.join(' ')} failed:\n${tail}`, `apt-get ${args.join(' ')}`);
  }
}
