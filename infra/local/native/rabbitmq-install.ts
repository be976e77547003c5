import { existsSync, readFileSync } from 'node:fs';
import { findProgram, runCommand } from '../commands';
import { UserError, type Steps } from '../steps';
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
  const fix = process.platform === 'darwin' ? commands.darwin : commands.other;
  if (!canInstall()) {
    throw new UserError('RabbitMQ is not installed on this machine', `${fix}, or name a broker in RABBITMQ_URL`);
  }
  await steps.step('RabbitMQ: apt-get install rabbitmq-server', install);
  const installed = find();
  if (!installed) throw new UserError('apt-get has installed RabbitMQ, but its server is not where it should be', fix);
  return installed;
}

/** What the packages start by themselves stops again: a broker of the machine's own, and its name service. */
async function install(): Promise<void> {
  const before = await runningServices();
  await aptInstall('rabbitmq-server');
  const started = (await runningServices()).filter((name) => !before.includes(name));
  for (const name of started) await runCommand(hasSystemd ? 'systemctl' : 'service', stopOf(name));
}

const hasSystemd = existsSync('/run/systemd/system');
const stopOf = (name: string): string[] => (hasSystemd ? ['stop', name] : [name, 'stop']);

/** Not asked with RabbitMQ's tools: they would leave a name service running. */
async function runningServices(): Promise<string[]> {
  if (!hasSystemd) return isRunning('/run/rabbitmq/pid') ? ['rabbitmq-server'] : [];
  const names = ['rabbitmq-server.service', 'epmd.socket', 'epmd.service'];
  const { out } = await runCommand('systemctl', ['is-active', ...names]);
  const states = out.split('\n');
  return names.filter((_, index) => states[index] === 'active');
}

const isRunning = (pidFile: string): boolean =>
  existsSync(pidFile) && existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`);
