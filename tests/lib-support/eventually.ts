import { setTimeout as sleep } from 'node:timers/promises';

/** The pause between two checks grows from the first to the longest: what takes long is not asked forty times a second. */
const firstPauseMs = 10;
const longestPauseMs = 250;
const growth = 1.5;

/**
 * Repeats `check` until it stops throwing, and returns its result.
 * @throws the last error of `check` after `withinMs`: a bound on a failing test, not an assertion on speed.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * growth, longestPauseMs)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(pauseMs);
    }
  }
}

/**
 * Waits until `read` returns `wanted`, as long as its value keeps changing: a busy machine may take its time.
 * @throws when the value has not changed for `stillMs`.
 */
export async function whileItChanges<T>(read: () => Promise<T>, wanted: T, stillMs = 30_000): Promise<void> {
  let last = await read();
  let changedAt = Date.now();
  while (last !== wanted) {
    if (Date.now() - changedAt > stillMs)
      throw new Error(`Still ${String(last)} after ${stillMs} ms, not ${String(wanted)}`);
    await sleep(100);
    const now = await read();
    if (now !== last) changedAt = Date.now();
    last = now;
  }
}
