import { signal } from '@preact/signals';
import { call, get, sessionEnded } from './client';
import { RequestRefused } from './problem';
import type { Session } from './types';

/** Who uses the console; null when nobody has signed in, undefined until the API has been asked. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether the session has a scope: what one may not do is not offered. */
export const may = (scope: string): boolean => session.value?.scopes.includes(scope) ?? false;

/** Signs in with the code of a one-time link, if the address has one, or finds the session that the browser keeps. */
export async function findSession(): Promise<void> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(null, '', location.pathname + location.search);
  try {
    session.value = await (code === undefined
      ? get<Session>('/console/session')
      : call<Session>('POST', '/console/session', { code }));
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    // A used link is no loss while the browser still has the session that it began.
    if (code === undefined) session.value = null;
    else await findSession();
  }
}

/** @throws RequestRefused when the token is not valid. */
export async function signIn(token: string): Promise<void> {
  session.value = await call<Session>('POST', '/console/session', { token });
  sessionEnded.value = false;
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/console/session');
  session.value = null;
}
