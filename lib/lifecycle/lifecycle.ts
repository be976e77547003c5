import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../telemetry/logger';
import { createReadinessChecks, type Check, type Need, type Readiness } from './readiness';

/** EX_SOFTWARE of sysexits: a bug; whoever supervises the process starts it again. */
const crashed = 70;

type Stop = () => Promise<void> | void;

/** The life of a process: starting, ready, draining, gone. */
export interface Lifecycle {
  /** Registers what must be stopped; what was registered last is stopped first, so register in the order of starting. */
  onStop(name: string, stop: Stop): void;
  /** Registers a part that the process works with, by a name that everybody may read. */
  addReadiness(name: string, need: Need, check: Check): void;
  /** Everything has been started. */
  setReady(): void;
  /** Started, and not draining. */
  isReady(): boolean;
  /** Whether the process can serve now, and what is missing. */
  readiness(): Promise<Readiness>;
  /** What was missing when that was last asked; asks nobody. */
  lastMissing(): string[];
  /** Unready, then stops everything; never rejects. Asking twice is asking once. */
  shutdown(): Promise<void>;
  /** SIGTERM and SIGINT shut down and exit with 0 (1 when something did not stop); an uncaught error exits with 70. */
  stopOnSignals(): void;
}

/**
 * @param deadlineMs how long the whole shutdown may take; what has not stopped by then is left behind and logged.
 * @param drainDelayMs how long to go on serving after turning unready, until load balancers have noticed.
 */
export function createLifecycle(options: { logger: Logger; deadlineMs?: number; drainDelayMs?: number }): Lifecycle {
  const { logger, deadlineMs = 20_000, drainDelayMs = 0 } = options;
  const stops: { name: string; stop: Stop }[] = [];
  const checks = createReadinessChecks(logger);
  let phase: 'starting' | 'ready' | 'draining' = 'starting';
  let draining: Promise<boolean> | undefined;

  const drain = async (): Promise<boolean> => {
    phase = 'draining';
    await sleep(drainDelayMs);
    const deadline = Date.now() + deadlineMs;
    let clean = true;
    for (const { name, stop } of stops.reverse()) {
      const stopped = await stopWithin(stop, deadline - Date.now());
      if (stopped !== true) logger.error({ part: name, err: stopped }, 'did not stop');
      clean &&= stopped === true;
    }
    return clean;
  };
  const shutdown = (): Promise<boolean> => (draining ??= drain());

  return {
    onStop: (name, stop) => void stops.push({ name, stop }),
    addReadiness: (name, need, check) => checks.add(name, need, check),
    setReady: () => {
      if (phase === 'starting') phase = 'ready';
    },
    isReady: () => phase === 'ready',
    readiness: async () => (phase === 'ready' ? checks.run() : { ready: false, missing: [phase] }),
    lastMissing: () => checks.last().missing,
    shutdown: () => shutdown().then(() => undefined),
    stopOnSignals: () => {
      exitOnSignals(logger, shutdown);
      exitOnCrash(logger);
    },
  };
}

/** True when it stopped, otherwise why not. */
async function stopWithin(stop: Stop, milliseconds: number): Promise<true | Error> {
  const timer = new AbortController();
  const tooLate = sleep(Math.max(milliseconds, 0), new Error('deadline passed'), timer).catch(() => true as const);
  const stopped = Promise.resolve()
    .then(stop)
    .then(() => true as const)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return Promise.race([stopped, tooLate]).finally(() => timer.abort());
}

function exitOnSignals(logger: Logger, shutdown: () => Promise<boolean>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Once: a second signal finds no handler and ends the process at once.
    process.once(signal, () => {
      logger.info({ signal }, 'draining');
      void shutdown().then((clean) => process.exit(clean ? 0 : 1));
    });
  }
}

function exitOnCrash(logger: Logger): void {
  const crash = (error: unknown): void => {
    logger.fatal({ err: error }, 'crashed');
    process.exit(crashed);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
