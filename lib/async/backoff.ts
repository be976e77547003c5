import { sleep } from './wait';

/** How long to wait between attempts: `firstMs` after the first failure, twice as long each time, at most `maxMs`. */
export interface Backoff {
  firstMs: number;
  maxMs: number;
  /**
   * The random share of a wait, half of it to either side: 0.5 means between 75 % and 125 %. It keeps processes that
   * lost the same server from reconnecting all at once. Default 0.
   */
  jitter?: number;
}

/** The wait in ms after the given number of consecutive failures, from 1. `random` returns a number between 0 and 1. */
export function backoffMs(
  failures: number,
  { firstMs, maxMs, jitter = 0 }: Backoff,
  random: () => number = Math.random,
): number {
  const waitMs = Math.min(firstMs * 2 ** (failures - 1), maxMs);
  return jitter === 0 ? waitMs : waitMs * (1 + jitter * (random() - 0.5));
}

/** An attempt that failed and will be retried. */
export interface FailedAttempt {
  error: unknown;
  /** Counts from 1. */
  attempt: number;
  waitMs: number;
}

export interface RetryOptions {
  backoff: Backoff;
  /** The maximum number of attempts; default: unlimited. */
  attempts?: number;
  /** Ends the wait and all further attempts. */
  signal?: AbortSignal;
  /** Whether another attempt makes sense after this error; default: always. */
  isRetryable?: (error: unknown) => boolean;
  /** Called before each wait. */
  onRetry?: (failed: FailedAttempt) => void;
  random?: () => number;
}

/**
 * Runs `run` until it succeeds.
 * @throws the error of the last attempt: when `attempts` are used up, when it is not retryable, or when `signal` is
 * aborted
 */
export async function retryWithBackoff<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { backoff, attempts = Infinity, signal, isRetryable = () => true, onRetry, random } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= attempts || signal?.aborted || !isRetryable(error)) throw error;
      const waitMs = backoffMs(attempt, backoff, random);
      onRetry?.({ error, attempt, waitMs });
      await sleep(waitMs, signal);
      if (signal?.aborted) throw error;
    }
  }
}
