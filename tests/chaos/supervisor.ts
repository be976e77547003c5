import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programOf } from '../lib-support/program';

/** A process that is started again whenever it ends, as an orchestrator does. */
export interface Supervised {
  name: string;
  /** Where it served HTTP when it was last ready; undefined before that. */
  port(): number | undefined;
  /** `kill -9`. */
  kill(): void;
  /** Drains it, and starts it no more. */
  stop(): Promise<void>;
}

export interface SupervisedProgram {
  name: string;
  /** Of its TypeScript file, from the root of the checkout. */
  path: string;
  args: string[];
  env: Record<string, string>;
  /** Where its output goes. */
  logs: string;
}

/** Between the end of a process and its next start. */
const pauseMs = 200;

/** Starts a program and keeps it running. */
export function supervise({ name, path, args, env, logs }: SupervisedProgram): Supervised {
  let child: ChildProcess | undefined;
  let port: number | undefined;
  const stopping = new AbortController();

  function start(): ChildProcess {
    mkdirSync(logs, { recursive: true });
    const log = openSync(join(logs, `${name}.log`), 'a');
    const { file, execArgv } = programOf(path);
    const started = fork(file, args, {
      execArgv,
      env: { ...process.env, ...env, PORT: '0' },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    started.on('message', (ready: { port?: number }) => (port = ready.port));
    return started;
  }

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      child = start();
      await once(child, 'exit');
      port = undefined;
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined); // No next start.
    }
  }

  const keeping = keep();
  return {
    name,
    port: () => port,
    kill: () => void child?.kill('SIGKILL'),
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      await keeping;
    },
  };
}
