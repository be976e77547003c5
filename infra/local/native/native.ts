import { isNotedRunning, killNoted, stopNoted } from '../processes';
import type { System } from '../systems';
import { startMail } from './mail';
import { startPostgres } from './postgres';
import { startRabbitmq } from './rabbitmq';
import { pidFile, type DaemonName, type NativeContext } from './system';
import { startTemporal } from './temporal';

const starters: Record<System, (context: NativeContext) => Promise<void>> = {
  postgres: startPostgres,
  rabbitmq: startRabbitmq,
  temporal: startTemporal,
  mail: startMail,
};

/** The daemons of a native stack, and how each is asked to end: PostgreSQL's "fast" shutdown is SIGINT. */
const signals: Record<DaemonName, NodeJS.Signals> = {
  postgres: 'SIGINT',
  rabbitmq: 'SIGTERM',
  temporal: 'SIGTERM',
  mail: 'SIGTERM',
  epmd: 'SIGTERM',
};
const names = Object.keys(signals) as DaemonName[];

/** Starts the wanted systems side by side. When one fails, the others are left running: `stopNative` stops them. */
export async function startNative(wanted: readonly System[], context: NativeContext): Promise<void> {
  const started = await Promise.allSettled(wanted.map((system) => starters[system](context)));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Stops what runs of a native stack, also what an earlier process left behind; returns what was stopped. */
export async function stopNative(directory: string, data: 'keep' | 'delete' = 'keep'): Promise<DaemonName[]> {
  // PostgreSQL must release its shared memory; RabbitMQ's orderly shutdown would take five seconds for nothing.
  const signalFor = (name: DaemonName) => (data === 'delete' && name !== 'postgres' ? 'SIGKILL' : signals[name]);
  const stop = (name: DaemonName): Promise<boolean> => stopNoted(pidFile(directory, name), signalFor(name));
  // RabbitMQ says goodbye to epmd, so that goes last.
  const first = names.filter((name) => name !== 'epmd');
  const stopped = await Promise.all(first.map(stop));
  await stop('epmd');
  return first.filter((_, index) => stopped[index]);
}

/** Ends one system, in good order or not, and starts it again on its data; resolves when it answers. */
export async function restartNative(system: System, how: 'stopped' | 'killed', context: NativeContext): Promise<void> {
  await stopNoted(pidFile(context.directory, system), how === 'killed' ? 'SIGKILL' : signals[system]);
  await endNameService(system, context);
  // While nothing listens there, a port may for a moment be the near end of another process's connection.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await starters[system](context);
      return;
    } catch (error) {
      if (attempt === startAttempts) throw error;
      await endNameService(system, context);
    }
  }
}

const startAttempts = 5;

/** A node starts with a name service of its own. */
async function endNameService(system: System, { directory }: NativeContext): Promise<void> {
  if (system === 'rabbitmq') await stopNoted(pidFile(directory, 'epmd'), signals.epmd);
}

/** Whether all of these run, started by this process or by an earlier one. */
export const nativeRuns = (directory: string, systems: readonly System[]): boolean =>
  systems.every((system) => isNotedRunning(pidFile(directory, system)));

/** Ends everything at once, without asking. */
export function killNative(directory: string): void {
  for (const name of names) killNoted(pidFile(directory, name));
}
