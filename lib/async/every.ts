import type { Logger } from '../telemetry/logger';

export interface EveryOptions {
  everyMs: number;
  /** Named in the log. */
  name: string;
  logger: Logger;
}

/**
 * Runs `run` now and then every `everyMs`, until the returned function is called. A run that takes longer than that is
 * not overtaken by the next. A failure ends nothing: the first of several in a row is logged as a warning.
 * A run that is under way at the stop is not waited for.
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
      if (!hasFailed && !isStopped) logger.warn({ job: name, err: error }, 'periodic job failed; it is tried again');
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
