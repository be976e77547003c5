import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits `ms`, or until `signal` is aborted. An abort is not an error, so check the signal afterwards. With `ref: false`
 * the wait does not keep the process alive.
 */
export async function sleep(ms: number, signal?: AbortSignal, { ref = true }: { ref?: boolean } = {}): Promise<void> {
  try {
    await delay(ms, undefined, { ref, ...(signal && { signal }) });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/**
 * Waits for work, at most `timeoutMs`. Work that takes longer continues, and its outcome is ignored.
 * @throws what the work throws; what `onTimeout` returns when the work takes too long
 */
export async function withTimeout<T>(timeoutMs: number, work: Promise<T>, onTimeout: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTimeout()), timeoutMs);
  });
  work.catch(() => undefined); // After the time-out nothing awaits it.
  return Promise.race([work, timedOut]).finally(() => clearTimeout(timer));
}

/** Wakes a waiting loop. A notification that arrives while nothing waits is kept for the next wait. */
export interface WakeSignal {
  readonly notify: () => void;
  /** Waits until notified (true), or until `ms` have passed (false). Only one caller at a time may wait. */
  readonly wait: (ms: number) => Promise<boolean>;
}

export function createWakeSignal(): WakeSignal {
  let isNotified = false;
  let endWait: (() => void) | undefined;
  return {
    notify: () => {
      isNotified = true;
      endWait?.();
    },
    wait: async (ms) => {
      if (!isNotified) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endWait = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      endWait = undefined;
      const wasNotified = isNotified;
      isNotified = false;
      return wasNotified;
    },
  };
}
