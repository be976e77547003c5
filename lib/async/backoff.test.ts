import { describe, expect, test } from '@jest/globals';
import { backoffMs, retryWithBackoff, type FailedAttempt } from './backoff';

/** Fails the given number of times with numbered errors, then returns the number of the call. */
function failing(times: number): () => Promise<number> {
  let calls = 0;
  return () => {
    calls += 1;
    return calls > times ? Promise.resolve(calls) : Promise.reject(new Error(`failure ${calls}`));
  };
}

const quick = { firstMs: 1, maxMs: 2 };

describe('the wait between attempts', () => {
  const waits = (backoff: Parameters<typeof backoffMs>[1], random?: () => number): number[] =>
    [1, 2, 3, 4, 5, 6].map((failures) => backoffMs(failures, backoff, random));

  test('doubles from the first to the longest', () => {
    expect(waits({ firstMs: 100, maxMs: 1_000 })).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  test('stays at the longest however often something fails', () => {
    expect(backoffMs(5_000, { firstMs: 100, maxMs: 1_000 })).toBe(1_000);
  });

  test('is spread evenly around its length when there is jitter', () => {
    const backoff = { firstMs: 100, maxMs: 400, jitter: 0.5 };
    expect(waits(backoff, () => 0)).toEqual([75, 150, 300, 300, 300, 300]);
    expect(waits(backoff, () => 0.5)).toEqual([100, 200, 400, 400, 400, 400]);
    expect(waits(backoff, () => 1)).toEqual([125, 250, 500, 500, 500, 500]);
  });
});

describe('retrying', () => {
  test('returns the first success, and reports each failure with the wait that follows', async () => {
    const failures: FailedAttempt[] = [];
    const result = await retryWithBackoff(failing(3), { backoff: quick, onRetry: (failed) => failures.push(failed) });
    expect(result).toBe(4);
    expect(failures).toEqual([
      { error: new Error('failure 1'), attempt: 1, waitMs: 1 },
      { error: new Error('failure 2'), attempt: 2, waitMs: 2 },
      { error: new Error('failure 3'), attempt: 3, waitMs: 2 },
    ]);
  });

  test('ends with the last error after as many attempts as are allowed', async () => {
    await expect(retryWithBackoff(failing(3), { backoff: quick, attempts: 3 })).rejects.toThrow('failure 3');
    await expect(retryWithBackoff(failing(2), { backoff: quick, attempts: 3 })).resolves.toBe(3);
  });

  test('ends at once with an error that is not retryable', async () => {
    const isRetryable = (error: unknown): boolean => (error as Error).message === 'failure 1';
    await expect(retryWithBackoff(failing(5), { backoff: quick, isRetryable })).rejects.toThrow('failure 2');
  });

  test('an abort ends the wait and all further attempts', async () => {
    const stopping = new AbortController();
    const retrying = retryWithBackoff(failing(5), {
      backoff: { firstMs: 60_000, maxMs: 60_000 },
      signal: stopping.signal,
      onRetry: () => stopping.abort(),
    });
    await expect(retrying).rejects.toThrow('failure 1');
  });
});
