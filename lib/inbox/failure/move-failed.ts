import { retryWithBackoff, type Backoff } from '../../async/backoff';

const backoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * Moves a failed message, with as many attempts as that takes: an error while moving says nothing about the message.
 * Never rejects; resolves without having moved it when `signal` is aborted first.
 */
export async function moveFailed(
  move: () => Promise<void>,
  { signal, onRetry }: { signal: AbortSignal; onRetry: (error: unknown, waitMs: number) => void },
): Promise<void> {
  if (signal.aborted) return;
  const retried = (failed: { error: unknown; waitMs: number }): void => onRetry(failed.error, failed.waitMs);
  // Only an abort ends it with an error, that of the last attempt.
  await retryWithBackoff(move, { backoff, signal, onRetry: retried }).catch(() => undefined);
}
