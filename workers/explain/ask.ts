import { withTimeout } from '../../lib/async/wait';

/** Something that could not be asked. */
export interface Unavailable {
  source: string;
  reason: string;
}

/** Asks several parts of the platform, and notes those that do not answer instead of failing. */
export interface Asking {
  /** The answer, or undefined when there is none in time. */
  ask: <T>(source: string, run: () => Promise<T>) => Promise<T | undefined>;
  /** Who did not answer; each once. */
  unavailable: () => Unavailable[];
}

/** @param timeoutMs how long each may take: together less than a request may. */
export function createAsking(timeoutMs = 4_000): Asking {
  const silent = new Map<string, string>();
  return {
    async ask(source, run) {
      try {
        return await withTimeout(timeoutMs, run(), () => new Error(`no answer within ${timeoutMs / 1_000} s`));
      } catch (error) {
        silent.set(source, (error as Error).message || (error as { code?: string }).code || 'no answer');
        return undefined;
      }
    },
    unavailable: () => Array.from(silent, ([source, reason]) => ({ source, reason })),
  };
}
