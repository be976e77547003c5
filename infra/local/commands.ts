import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface CommandResult {
  /** Exit code 0. */
  ok: boolean;
  /** What it wrote to standard output. */
  out: string;
  /** Everything it wrote, for a person to read; and the end of that. */
  all: string;
  tail: string;
}

/** Runs a program to its end. A program that is not there, or takes longer than `timeoutMs`, is one that failed. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs, ...options }: SpawnOptions & { timeoutMs?: number } = {},
): Promise<CommandResult> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, all]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => void (out.push(String(chunk)), all.push(String(chunk))));
  child.stderr.on('data', (chunk: Buffer) => void all.push(String(chunk)));
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const code = await once(child, 'close').then(
    ([status]) => status as number | null,
    (error: unknown) => void all.push(String(error)),
  );
  clearTimeout(timer);
  const everything = all.join('');
  return { ok: code === 0, out: out.join('').trim(), all: everything, tail: lastLines(everything) };
}

/** The last lines of an output. */
export const lastLines = (text: string, count = 12): string => text.trimEnd().split('\n').slice(-count).join('\n');

/** The first of the candidates that can be executed: absolute paths as they are, names wherever `path` has them. */
export function findProgram(candidates: readonly string[], path = process.env['PATH'] ?? ''): string | undefined {
  return candidates
    .flatMap((name) => (name.includes('/') ? [name] : path.split(delimiter).map((folder) => join(folder, name))))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
