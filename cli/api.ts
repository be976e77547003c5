import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The platform's HTTP interface, as an operator. */
export interface Api {
  /** The answer's JSON. @throws Error with one line for people, whatever went wrong. */
  get(path: string): Promise<unknown>;
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
  return {
    async get(path) {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(url + path, { headers }).catch((error: unknown) => {
        throw new Error(`${url} does not answer: ${reasonOf(error)}; is it running?`);
      });
      const body = (await response.json().catch(() => ({}))) as { detail?: string };
      if (!response.ok) throw new Error(body.detail ?? `GET ${path} was answered with ${response.status}`);
      return body;
    },
  };
}

const readJson = (path: string): Record<string, string> | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : undefined;

/** `fetch` says only "fetch failed"; its cause says why. */
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
};
