import { retryWithBackoff, type Backoff } from '../../async/backoff';

const backoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * Puts a message that failed elsewhere, with as many attempts as that takes: what keeps it from being set aside says
 * nothing about the message. Never rejects; resolves without having done it when `over` is aborted first.
 */
export async function setAside(
  put: () => Promise<void>,
  { over, onFailed }: { over: AbortSignal; onFailed: (error: unknown, pauseMs: number) => void },
): Promise<void> {
  if (over.aborted) return;
  const onRetry = (failed: { error: unknown; waitMs: number }): void => onFailed(failed.error, failed.waitMs);
  // Only an abort ends it with an error, the one that the last attempt met.
  await retryWithBackoff(put, { backoff, signal: over, onRetry }).catch(() => undefined);
}
