import { AsyncLocalStorage } from 'node:async_hooks';

interface Scope {
  signal: AbortSignal | undefined;
}

const storage = new AsyncLocalStorage<Scope>();

/**
 * Runs work that is cancelled when `signal` aborts: database sessions observe it (`lib/db/sessions.ts`). Once `run` has
 * settled, anything that it left running is no longer cancelled with it.
 */
export async function withCancellation<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const scope: Scope = { signal };
  try {
    return await storage.run(scope, run);
  } finally {
    scope.signal = undefined;
  }
}

/** The signal that cancels the current work; undefined when it cannot be cancelled. */
export const activeCancellation = (): AbortSignal | undefined => storage.getStore()?.signal;
