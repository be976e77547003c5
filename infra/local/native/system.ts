import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from '../commands';
import type { Endpoints, System } from '../systems';
import type { Ports } from '../ports';
import { privateFolder } from '../private-folder';
import { startDaemon, type DaemonOptions } from '../processes';
import { untilReady } from '../health-checks';
import type { Secrets } from '../secrets';
import { UserError, type Steps } from '../steps';

/** The daemons of a native stack. */
export type DaemonName = System | 'epmd';

/** What they need to start. */
export interface NativeContext {
  directory: string;
  /** Where programs that were downloaded are kept; shared by all stacks of a checkout. */
  tools: string;
  ports: Ports;
  secrets: Secrets;
  endpoints: Endpoints;
  ephemeral: readonly System[];
  /** Further lines of RabbitMQ's configuration. */
  brokerSettings?: readonly string[];
  steps: Steps;
}

/** Starts a daemon of the stack and waits until the system answers that it is; its output goes to `logs/`. */
export async function startSystem(
  system: System,
  { directory, endpoints }: NativeContext,
  program: Omit<DaemonOptions, 'logFile' | 'pidFile'>,
): Promise<void> {
  const logFile = logFileOf(directory, system);
  const { ended } = await startDaemon({ ...program, logFile, pidFile: pidFile(directory, system) });
  const died = ended.then((): never => {
    throw new UserError(
      `${system} ended before it was ready; its last words:\n${lastLines(readFileSync(logFile, 'utf8'))}`,
      `less ${logFile}`,
    );
  });
  await untilReady(system, endpoints, died);
}

export const logFileOf = (directory: string, name: string): string =>
  join(privateFolder(join(directory, 'logs')), `${name}.log`);

export const pidFile = (directory: string, name: DaemonName): string =>
  join(privateFolder(join(directory, 'pids')), `${name}.pid`);
