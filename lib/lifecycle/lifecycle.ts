import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../telemetry/logger';
import { createReadinessChecks, type Check, type Need, type Readiness } from './readiness';

/** EX_SOFTWARE of sysexits: a bug; the supervisor restarts the process. */
const crashed = 70;

type Stop = () => Promise<void> | void;

/** The lifecycle of a process: starting, ready, draining, stopped. */
export interface Lifecycle {
  /** Registers a part to stop. Parts are stopped in reverse order, so register them as they are started. */
  onStop(name: string, stop: Stop): void;
  /** Registers a part that the process depends on; its name is public. */
  addReadiness(name: string, need: Need, check: Check): void;
  /** To be called when everything has been started. */
  setReady(): void;
  /** Whether the process has started and is not draining. */
  isReady(): boolean;
  /** Whether the process can serve now, and what is missing. */
  readiness(): Promise<Readiness>;
  /** What was missing in the last check, without a new one. */
  lastMissing(): string[];
  /** Becomes unready, then stops everything; never rejects. Idempotent. */
  shutdown(): Promise<void>;
  /** SIGTERM and SIGINT shut down and exit with 0 (1 when something did not stop); an uncaught error exits with 70. */
  stopOnSignals(): void;
}

/**
 * Creates the lifecycle of a process.
 * @param deadlineMs how long the whole shutdown may take; parts that have not stopped by then are logged and abandoned.
 * @param drainDelayMs how long to continue serving after becoming unready, until load balancers have noticed.
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
      if (stopped !== true) logger.error({ part: name, err: stopped }, 'part did not stop');
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

/** True when it stopped, otherwise the reason why not. */
async function stopWithin(stop: Stop, milliseconds: number): Promise<true | Error> {
  const timer = new AbortController();
  const late = sleep(Math.max(milliseconds, 0), new Error('deadline passed'), timer).catch(() => true as const);
  const stopped = Promise.resolve()
    .then(stop)
    .then(() => true as const)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return Promise.race([stopped, late]).finally(() => timer.abort());
}

function exitOnSignals(logger: Logger, shutdown: () => Promise<boolean>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Once: a second signal has no handler and ends the process immediately.
    process.once(signal, () => {
      logger.info({ signal }, 'shutting down');
      void shutdown().then((clean) => process.exit(clean ? 0 : 1));
    });
  }
}

function exitOnCrash(logger: Logger): void {
  const crash = (error: unknown): void => {
    logger.fatal({ err: error }, 'process crashed');
    process.exit(crashed);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
