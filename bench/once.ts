import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** What a program that measures itself reports. */
export interface Report {
  seconds: number;
  /** The highest resident memory. */
  MiB: number;
  /** Single times in milliseconds, where they are what counts. */
  samples?: number[];
}

/** Runs a program of this folder in a process of its own until it has reported, and ends it. */
export async function measureOnce<R = Report>(path: string, env: Record<string, string>): Promise<R> {
  const child = fork(resolve('bench', path), [], {
    execArgv: ['--require', require.resolve('tsx/cjs')],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [report] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error(`${path} ended before it had measured`))),
  ])) as [R];
  child.kill('SIGKILL');
  await ended;
  return report;
}

/** Sends the report of this process to the one that started it. */
export function sendReport(begin: number, samples?: number[]): void {
  const MiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.send?.({ seconds: (performance.now() - begin) / 1_000, MiB, ...(samples ? { samples } : {}) });
}

/** A variable that the measuring process sets. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
