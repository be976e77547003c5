import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = { first: 100, most: 5_000 };

/**
 * Puts a message that failed elsewhere, however often that takes: what keeps it from being set aside says nothing about
 * the message. Resolves without having done it when it was over before that.
 */
export async function setAside(
  put: () => Promise<void>,
  { over, onFailed }: { over: AbortSignal; onFailed: (error: unknown, pauseMs: number) => void },
): Promise<void> {
  for (let pause = pauseMs.first; !over.aborted; pause = Math.min(pause * 2, pauseMs.most)) {
    try {
      await put();
      return;
    } catch (error) {
      onFailed(error, pause);
      await sleep(pause, undefined, { signal: over }).catch(() => undefined); // Over: no more waiting.
    }
  }
}
