import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import { createGate, type Gate, type Held } from './retry-while-unavailable';

export interface HeldQueueOptions {
  queue: string;
  logger: Logger;
  metrics: Metrics;
  /** A shorter outage is not reported; default 10 s. */
  heldAfterMs?: number;
}

export const defaultHeldAfterMs = 10_000;
const minuteMs = 60_000;

/** The gate of a queue, which is reported once messages have been held at it for a while. */
export interface HeldQueue extends Pick<Gate, 'attempt' | 'retryWhileUnavailable'> {
  /** Undefined while all messages flow, or none has been held for long. */
  held(): Held | undefined;
  close(): void;
}

/**
 * Opens the gate of a queue. A held queue is reported in the metric `messaging_held_seconds`, and in the log once a
 * minute.
 */
export function createHeldQueue(options: HeldQueueOptions): HeldQueue {
  const { queue, logger, metrics, heldAfterMs = defaultHeldAfterMs } = options;
  const gauge = metrics.gauge(
    'messaging_held_seconds',
    'How long a queue, or one of its messages, has been held because a dependency is unavailable; 0 while it flows',
    ['queue'],
  );
  gauge.set({ queue }, 0);
  const gate = createGate();
  let loggedAt: number | undefined;

  function reported(): ReturnType<Gate['held']> {
    const held = gate.held();
    return held && Date.now() - held.since.getTime() >= heldAfterMs ? held : undefined;
  }

  function report(): void {
    const held = reported();
    const seconds = held ? (Date.now() - held.since.getTime()) / 1_000 : 0;
    gauge.set({ queue }, seconds);
    if (!held) {
      if (loggedAt !== undefined) logger.info({ queue }, 'queue is no longer held');
      loggedAt = undefined;
      return;
    }
    if (loggedAt !== undefined && Date.now() - loggedAt < minuteMs) return;
    loggedAt = Date.now();
    const { reason, error } = held;
    logger.warn(
      { queue, reason, heldSeconds: Math.round(seconds), err: error },
      'queue is held: a dependency is unavailable',
    );
  }

  const timer = setInterval(report, Math.min(heldAfterMs, 1_000)).unref();
  return {
    attempt: gate.attempt,
    retryWhileUnavailable: gate.retryWhileUnavailable,
    held() {
      const held = reported();
      return held && { reason: held.reason, since: held.since };
    },
    close: () => clearInterval(timer),
  };
}
