import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure, exitCodes } from './command';

const { failed, unavailable } = exitCodes;

/** The platform's HTTP interface, as an operator. */
export interface Api {
  /** The answer's JSON. @throws CommandFailure with one line for people, whatever went wrong. */
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

/**
 * The API that `SAGAWORKS_URL` and `SAGAWORKS_TOKEN` name, or the local stack's.
 * @throws Error when there is neither.
 */
export function openApi(env: NodeJS.ProcessEnv = process.env, directory = '.sagaworks'): Api {
  const url = env['SAGAWORKS_URL'] ?? readJson(join(directory, 'stack.json'))?.['apiUrl'];
  const token = env['SAGAWORKS_TOKEN'] ?? readJson(join(directory, 'tokens.json'))?.['operator'];
  if (!url || !token) {
    throw new Error('No platform is known: set SAGAWORKS_URL and SAGAWORKS_TOKEN, or run "npm start" here first');
  }
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const request = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(url + path, request).catch((error: unknown) => {
      throw new CommandFailure(unavailable, `${url} does not answer: ${reasonOf(error)}; is it running?`);
    });
    const answer = (await response.json().catch(() => ({}))) as { detail?: string };
    if (response.ok) return answer;
    const why = answer.detail ?? `${method} ${path} was answered with ${response.status}`;
    throw new CommandFailure(response.status === 503 ? unavailable : failed, why);
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
  };
}

const readJson = (path: string): Record<string, string> | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : undefined;

/** `fetch` says only "fetch failed"; its cause says why. */
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
};
