import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bridge } from '../../workers/bridge/bridge';
import { serviceParts } from '../../workers/modules/roles';

/** Everything but the API: work that may wait for a moment while a request is answered. */
export const backgroundRoles: readonly string[] = [
  ...serviceParts.filter((part) => part !== 'api'),
  bridge.name,
  'saga',
];

/** The background work of the platform, in a process of its own. */
export interface Background {
  /** Where it serves health and metrics. */
  url: string;
  /** The id of its process, now. */
  id(): number | undefined;
  /** Resolves when it is ready. @throws Error when it ends before. */
  ready: Promise<unknown>;
  /** Drains the process and ends it. */
  stop(): Promise<void>;
}

/** A process that cannot stay up must not take the whole machine. */
const pauseMs = 1_000;

/**
 * Starts the background work in a process of its own, with a lower priority than the API, and starts it again when that
 * process dies. It ends with this process, however that ends.
 * @param env with its own `PORT`, for health and metrics
 * @param onEnd told how it ended, each time that it is to be started again
 */
export function startBackground(env: NodeJS.ProcessEnv, onEnd: (how: string) => void): Background {
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  let child = startProcess(env);
  const ready = readiness(child);

  async function keep(): Promise<void> {
    // One that never became ready would not do so the next time either.
    await ready.catch(() => stopping.abort());
    while (!isStopping()) {
      const how = await ended(child);
      if (isStopping()) return;
      onEnd(how);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined); // No next start.
      if (!isStopping()) child = startProcess(env);
    }
  }

  const keeping = keep();
  return {
    url: `http://127.0.0.1:${env['PORT']}`,
    id: () => child.pid,
    ready,
    stop: async () => {
      stopping.abort();
      child.kill('SIGTERM');
      await keeping;
    },
  };
}

function startProcess(env: NodeJS.ProcessEnv): ChildProcess {
  const child = fork(resolve('cli/sagaworks.ts'), ['run', ...backgroundRoles], {
    execArgv: ['--require', require.resolve('tsx/cjs')],
    env: { ...env, INTERNAL_PORT: undefined },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  return child;
}

/** Waits until a process says that it is ready. @throws Error when it ends before. */
const readiness = (child: ChildProcess): Promise<unknown> =>
  Promise.race([
    once(child, 'message'),
    ended(child).then((how) => Promise.reject(new Error(`The background work ${how} before it was ready`))),
  ]);

/** Waits until a process ends. @returns how, in words. */
async function ended(child: ChildProcess): Promise<string> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode === null ? `exited with ${child.exitCode}` : `was ended by ${child.signalCode}`;
}
