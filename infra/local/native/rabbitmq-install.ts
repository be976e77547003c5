import { findProgram, runCommand } from '../commands';
import { Trouble, type Steps } from '../steps';

/** Debian's own script comes before the one on PATH, which changes the user and with it every folder. */
const candidates = ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'];
const more = ['/opt/homebrew/sbin/rabbitmq-server', '/usr/local/sbin/rabbitmq-server'];

/** The RabbitMQ server program; as root, on a machine with apt, it is installed when there is none. */
export async function ensureRabbitmq(steps: Steps, find = findServer): Promise<string> {
  const found = find();
  if (found) return found;
  const mend = 'sudo apt-get update && sudo apt-get install -y rabbitmq-server';
  if (process.getuid?.() !== 0 || !findProgram(['apt-get'])) {
    const install = process.platform === 'darwin' ? 'brew install rabbitmq' : mend;
    throw new Trouble('RabbitMQ is not installed on this machine', `${install}, or name a broker in RABBITMQ_URL`);
  }
  await steps.step('RabbitMQ: apt-get install rabbitmq-server', install);
  const installed = find();
  if (!installed) throw new Trouble('apt-get has installed RabbitMQ, but its server is not where it should be', mend);
  return installed;
}

const findServer = (): string | undefined => findProgram([...candidates, ...more]);

async function install(): Promise<void> {
  const ranBefore = await serviceRuns();
  // RUNLEVEL=1 keeps the package from starting its service, where the service manager still listens to that.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await apt(env, ['update']);
  await apt(env, ['install', '-y', '--no-install-recommends', 'rabbitmq-server']);
  if (!ranBefore && (await serviceRuns())) await runCommand('service', ['rabbitmq-server', 'stop']);
}

/** Whether the machine's own broker runs: that one is never ours to stop. */
const serviceRuns = async (): Promise<boolean> => (await runCommand('service', ['rabbitmq-server', 'status'])).ok;

async function apt(env: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const { ok, tail } = await runCommand('apt-get', ['-q', ...args], { env });
  if (!ok) throw new Trouble(`apt-get ${args.join(' ')} failed:\n${tail}`, `apt-get ${args.join(' ')}`);
}
