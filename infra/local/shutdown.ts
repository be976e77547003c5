import { killStack } from './previous-run';
import { createSteps, describeError } from './steps';

/** How `npm start` ends: by Ctrl-C, by SIGTERM, or by a failure; what was started last is stopped first. */
export interface Shutdown {
  /** Registers what has to be stopped before the process ends. */
  before(what: string, stop: () => Promise<void>): void;
  /** Stops everything and exits; what fails meanwhile is not reported. */
  because(error: unknown, code: number): Promise<never>;
}

/** npm passes on a signal that the terminal has sent to the whole group: one Ctrl-C comes twice. */
const sameKeyMs = 1_000;

/** Handles the signals, and the errors that were not caught. */
export function createShutdown(directory: string, print: (line: string) => void): Shutdown {
  const stops: { what: string; stop: () => Promise<void> }[] = [];
  let ended: Promise<never> | undefined;
  let signalledAt = 0;

  const stopAll = async (code: number): Promise<never> => {
    let status = code;
    for (const { what, stop } of stops.reverse()) {
      await createSteps(print)
        .step(`Stop ${what}`, stop)
        .catch((error: unknown) => {
          print(describeError(error));
          status = 1;
        });
    }
    process.exit(status);
  };

  const onSignal = (): void => {
    if (signalledAt === 0) {
      signalledAt = Date.now();
      print('\n  Stopping (Ctrl-C again ends everything at once)');
      void (ended ??= stopAll(0));
    } else if (Date.now() - signalledAt > sameKeyMs) {
      killStack(directory);
      process.exit(130);
    }
  };

  const shutdown: Shutdown = {
    before: (what, stop) => void stops.push({ what, stop }),
    because: (error, code) => {
      if (!ended) process.stderr.write(`\n${describeError(error)}\n\n`);
      return (ended ??= stopAll(code));
    },
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  for (const failure of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(failure, (error: unknown) => void shutdown.because(error, 70));
  }
  return shutdown;
}
