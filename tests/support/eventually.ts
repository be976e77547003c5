import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats `check` until it stops throwing, and gives back its result.
 * @throws the last error of `check` when `withinMs` has passed: a bound on a failing test, not an assertion on speed.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(25);
    }
  }
}
