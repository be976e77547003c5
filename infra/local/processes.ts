import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as it was when it was noted: ids are used again, start times tell two apart. */
interface Identity {
  pid: number;
  startedAt: string;
  /** Where the note was made: in a copy of the directory it means nothing. */
  home: string;
}

/** A program that runs on its own until it is stopped; its leftovers are found by its pid file. */
export interface Daemon {
  /** Resolves when it has ended, however. */
  ended: Promise<void>;
}

export interface DaemonOptions {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** What it prints goes here. */
  logFile: string;
  pidFile: string;
  /** The user it runs as, when that is another one. */
  uid?: number;
  gid?: number;
}

/**
 * Starts a program as the leader of a process group of its own: a Ctrl-C in the terminal reaches us, not it,
 * so that it is still there while the application drains.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { command, args, logFile, pidFile, ...how } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { ...how, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  // Noted at once: whatever happens to us from here on, the next start finds it.
  if (child.pid !== undefined) notePid(pidFile, child.pid);
  const ended = once(child, 'exit').then(() => undefined);
  if (child.pid === undefined) await ended; // Rejects with the reason, as an 'error' is what comes instead.
  return { ended };
}

/**
 * Stops what a pid file names, if it is still that very process, or what is left of its group.
 * True when there was something to stop. After `withinMs` it is killed.
 */
export async function stopNoted(pidFile: string, signal: NodeJS.Signals, withinMs = 20_000): Promise<boolean> {
  const noted = readNoted(pidFile);
  const runs = noted !== undefined && isAlive(noted);
  if (runs) {
    // The leader stops its children in good order; then the signal is for what is left.
    send(noted.pid, signal);
    const left = await becomes(() => readProcess(noted.pid) === undefined, withinMs);
    if (isAlive(noted)) send(-noted.pid, left ? signal : 'SIGKILL');
    if (!(await becomes(() => !isAlive(noted), 2_000))) {
      send(-noted.pid, 'SIGKILL');
      await becomes(() => !isAlive(noted), 5_000);
    }
  }
  rmSync(pidFile, { force: true });
  return runs;
}

/** Kills what a pid file names, with its group, without waiting. */
export function killNoted(pidFile: string): void {
  const noted = readNoted(pidFile);
  if (noted && isAlive(noted)) send(-noted.pid, 'SIGKILL');
}

/** Whether the process that a pid file names still runs. */
export function isNotedRunning(pidFile: string): boolean {
  const noted = readNoted(pidFile);
  return noted !== undefined && readProcess(noted.pid)?.startedAt === noted.startedAt;
}

/** Notes a running process in a pid file; `wx` refuses to overwrite one. */
export function notePid(pidFile: string, pid: number, flag: 'w' | 'wx' = 'w'): void {
  const identity: Identity = { pid, startedAt: readProcess(pid)?.startedAt ?? '', home: dirname(pidFile) };
  writeFileSync(pidFile, JSON.stringify(identity), { flag });
}

function readNoted(pidFile: string): Identity | undefined {
  try {
    const { pid = 0, startedAt = '', home } = JSON.parse(readFileSync(pidFile, 'utf8')) as Partial<Identity>;
    return home === dirname(pidFile) && pid > 1 ? { pid, startedAt, home } : undefined;
  } catch {
    return undefined; // Missing, or half written when the power failed: it names no process.
  }
}

async function becomes(wanted: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!wanted()) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/** The leader itself, or what is left of its group: a group's id is not reused while it has members. */
function isAlive({ pid, startedAt }: Identity): boolean {
  const leader = readProcess(pid);
  return leader ? leader.startedAt === startedAt : hasGroup(pid);
}

function hasGroup(group: number): boolean {
  if (process.platform !== 'linux') return send(-group, 0);
  // Not by a signal 0: it also reaches zombies that are never collected.
  return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && readProcess(Number(entry))?.group === group);
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // Gone, or not ours.
  }
}

/** A process's group and when it began, in the kernel's ticks; undefined when it does not run (zombies don't). */
function readProcess(pid: number): { group: number; startedAt: string } | undefined {
  // Without /proc (macOS) the id alone must do.
  if (process.platform !== 'linux') return send(pid, 0) ? { group: pid, startedAt: '' } : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name comes in brackets and may hold anything; proc(5) numbers the fields, the state being the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { group: Number(fields[2]), startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
