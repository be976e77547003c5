import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { programOf } from '../lib-support/program';
import type { TestPlatform } from './platform';

/** How a command ended, and what it said. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the command line against a platform, as an operator does; `env` is what it finds in its environment besides. */
export async function sagaworks(
  { url, token }: Pick<TestPlatform, 'url' | 'token'>,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const { file, execArgv } = programOf('cli/sagaworks.ts');
  const child = spawn(process.execPath, [...execArgv, file, ...args], {
    env: { ...process.env, SAGAWORKS_URL: url, SAGAWORKS_TOKEN: await token(randomUUID(), 'operator'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, out, err };
}
