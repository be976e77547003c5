import { signal } from '@preact/signals';
import { refusalOf, RequestRefused } from './problem';

/** Whether the API has refused the session since it began: it ended, or was revoked. */
export const sessionEnded = signal(false);

/** A path with the parameters that have a value. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export const get = <T>(path: string): Promise<T> => call<T>('GET', path);

/** @param key makes a repeated request act once */
export const post = <T>(path: string, body: unknown, key?: string): Promise<T> => call<T>('POST', path, body, key);

/**
 * Asks the API as the bearer of the session.
 * @throws RequestRefused when it refuses, or does not answer.
 */
export async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      'x-console': '1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new RequestRefused({ status: 0, code: 'no-answer', detail: 'The platform does not answer' });
  });
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  if (response.status === 401 && path !== '/console/session') sessionEnded.value = true;
  throw await refusalOf(response);
}
