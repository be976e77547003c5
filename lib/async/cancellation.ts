import { AsyncLocalStorage } from 'node:async_hooks';

interface Scope {
  signal: AbortSignal | undefined;
}

const storage = new AsyncLocalStorage<Scope>();

/**
 * Runs `run`, and what it awaits, as work that is of no use once `signal` aborts: database sessions look at it. What the
 * work starts and leaves running is no longer part of it when `run` has ended.
 */
export async function withCancellation<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const scope: Scope = { signal };
  try {
    return await storage.run(scope, run);
  } finally {
    scope.signal = undefined;
  }
}

/** The signal that ends the work that runs now; undefined when nothing can cancel it. */
export const activeCancellation = (): AbortSignal | undefined => storage.getStore()?.signal;
