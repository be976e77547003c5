import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { send } from './send';

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
  const url = apiUrl(env, directory);
  const token = env['SAGAWORKS_TOKEN'] ?? readJson(join(directory, 'tokens.json'))?.['operator'];
  if (!url || !token) {
    throw new Error('No platform is known: set SAGAWORKS_URL and SAGAWORKS_TOKEN, or run "npm start" here first');
  }
  const headers = { authorization: `Bearer ${token}` };
  return {
    get: (path) => send(url, path, { headers }),
    post: (path, body) => send(url, path, { headers, body: JSON.stringify(body) }),
  };
}

/** Where the API is: what `SAGAWORKS_URL` says, or the local stack. */
export const apiUrl = (env: NodeJS.ProcessEnv = process.env, directory = '.sagaworks'): string | undefined =>
  env['SAGAWORKS_URL'] ?? readJson(join(directory, 'stack.json'))?.['apiUrl'];

const readJson = (path: string): Record<string, string> | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : undefined;
