import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** A program under measurement, in a process of its own so that its memory and its event loop are its own. */
export interface Program {
  /** Of the process. */
  id: number;
  port: number;
  /** Resident memory in MiB, now. */
  memory(): Promise<number>;
  /** Processor time that it has taken so far, in milliseconds. */
  processorMs(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a TypeScript program and waits until it sends `ready`. */
export async function startProgram(
  path: string,
  args: string[],
  env: Record<string, string>,
  port = 0,
): Promise<Program> {
  const child = fork(path, args, {
    execArgv: ['--require', require.resolve('tsx/cjs')],
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${path} ended before it was ready`))),
  ]);
  return {
    id: child.pid ?? 0,
    port,
    memory: () => residentMiB(child),
    processorMs: () => processorMs(child),
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function residentMiB(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid ?? 'self'}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

/** Linux counts in hundredths of a second. */
const tickMs = 10;

async function processorMs(child: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${child.pid ?? 'self'}/stat`, 'utf8').catch(() => '');
  // After the name in brackets, which may contain spaces; proc(5).
  const [user = 0, system = 0] = stat.split(') ').at(-1)?.split(' ').slice(11, 13).map(Number) ?? [];
  return (user + system) * tickMs;
}
