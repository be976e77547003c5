import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import { createGate, type Gate, type Held } from './retry-while-unavailable';

export interface HeldQueueOptions {
  queue: string;
  logger: Logger;
  metrics: Metrics;
  /** An outage shorter than this is not shown; default 10 s. */
  heldAfterMs?: number;
}

export const defaultHeldAfterMs = 10_000;
const minuteMs = 60_000;

/** The gate of a queue, shown to people once something has been stuck at it for a while. */
export interface HeldQueue extends Pick<Gate, 'attempt' | 'outlast'> {
  /** Undefined while all messages flow, or none has been held for long. */
  held(): Held | undefined;
  close(): void;
}

/** Opens the gate of a queue. It is shown in the metric `messaging_held_seconds`, and in a log line at first and then each minute. */
export function createHeldQueue(options: HeldQueueOptions): HeldQueue {
  const { queue, logger, metrics, heldAfterMs = defaultHeldAfterMs } = options;
  const gauge = metrics.gauge(
    'messaging_held_seconds',
    'How long a queue, or one message of it, has been held because a system that it needs is away; 0 while it flows',
    ['queue'],
  );
  gauge.set({ queue }, 0);
  const gate = createGate();
  let saidAt: number | undefined;

  function shown(): ReturnType<Gate['held']> {
    const held = gate.held();
    return held && Date.now() - held.since.getTime() >= heldAfterMs ? held : undefined;
  }

  function look(): void {
    const held = shown();
    const seconds = held ? (Date.now() - held.since.getTime()) / 1_000 : 0;
    gauge.set({ queue }, seconds);
    if (!held) {
      if (saidAt !== undefined) logger.info({ queue }, 'queue flows again');
      saidAt = undefined;
      return;
    }
    if (saidAt !== undefined && Date.now() - saidAt < minuteMs) return;
    saidAt = Date.now();
    const { reason, error } = held;
    logger.warn(
      { queue, reason, heldSeconds: Math.round(seconds), err: error },
      'queue is held: a system that it needs is away',
    );
  }

  const timer = setInterval(look, Math.min(heldAfterMs, 1_000)).unref();
  return {
    attempt: (work, over) => gate.attempt(work, over),
    outlast: (work, over) => gate.outlast(work, over),
    held() {
      const held = shown();
      return held && { reason: held.reason, since: held.since };
    },
    close: () => clearInterval(timer),
  };
}
