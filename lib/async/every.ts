import type { Logger } from '../telemetry/logger';

export interface EveryOptions {
  everyMs: number;
  /** For the log. */
  name: string;
  logger: Logger;
}

/**
 * Runs `run` at once and then every `everyMs`, until the returned function is called. Runs never overlap. A failure
 * does not end the job; the first of several in a row is logged as a warning. A run under way at the stop is not waited
 * for.
 */
export function every(run: () => Promise<void>, { everyMs, name, logger }: EveryOptions): () => void {
  let isRunning = false;
  let hasFailed = false;
  let isStopped = false;

  async function turn(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      await run();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed && !isStopped) logger.warn({ job: name, err: error }, 'periodic job failed; it will be retried');
      hasFailed = true;
    } finally {
      isRunning = false;
    }
  }

  const timer = setInterval(() => void turn(), everyMs);
  void turn();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
