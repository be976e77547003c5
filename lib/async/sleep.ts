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
