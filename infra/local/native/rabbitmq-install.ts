import { findProgram, runCommand } from '../commands';
import { Trouble, type Steps } from '../steps';
import { aptInstall, canInstall } from './apt';

/** Debian's own script comes before the one on PATH, which changes the user and with it every folder. */
const candidates = [
  '/usr/lib/rabbitmq/bin/rabbitmq-server',
  'rabbitmq-server',
  '/opt/homebrew/sbin/rabbitmq-server',
  '/usr/local/sbin/rabbitmq-server',
];
const findServer = (): string | undefined => findProgram(candidates);

const commands = {
  darwin: 'brew install rabbitmq',
  other: 'sudo apt-get update && sudo apt-get install -y rabbitmq-server',
};

/** The RabbitMQ server program; as root, on a machine with apt, it is installed when there is none. */
export async function ensureRabbitmq(steps: Steps, find = findServer): Promise<string> {
  const found = find();
  if (found) return found;
  const mend = process.platform === 'darwin' ? commands.darwin : commands.other;
  if (!canInstall()) {
    throw new Trouble('RabbitMQ is not installed on this machine', `${mend}, or name a broker in RABBITMQ_URL`);
  }
  await steps.step('RabbitMQ: apt-get install rabbitmq-server', install);
  const installed = find();
  if (!installed) throw new Trouble('apt-get has installed RabbitMQ, but its server is not where it should be', mend);
  return installed;
}

/** The package starts a broker of the machine's own; one that ran before is not ours to stop. */
async function install(): Promise<void> {
  const ranBefore = await serviceRuns();
  await aptInstall('rabbitmq-server');
  if (!ranBefore && (await serviceRuns())) await runCommand('service', ['rabbitmq-server', 'stop']);
}

const serviceRuns = async (): Promise<boolean> => (await runCommand('service', ['rabbitmq-server', 'status'])).ok;
