import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { createGate, type Gate, type Held } from './hold';

export interface HeldQueueOptions {
  queue: string;
  logger: Logger;
  metrics: Metrics;
  /** An outage shorter than this is not shown; default 10 s. */
  heldAfterMs?: number;
}

export const defaultHeldAfterMs = 10_000;
const minuteMs = 60_000;

/** The gate of a queue, shown to people once it has been shut for a while. */
export interface HeldQueue extends Pick<Gate, 'attempt'> {
  /** Undefined while the queue flows, or has not been held for long. */
  held(): Held | undefined;
  close(): void;
}

/** Opens the gate of a queue. It is shown in the metric `messaging_held_seconds`, and in a log line at first and then each minute. */
export function createHeldQueue(options: HeldQueueOptions): HeldQueue {
  const { queue, logger, metrics, heldAfterMs = defaultHeldAfterMs } = options;
  const gauge = metrics.gauge(
    'messaging_held_seconds',
    'How long a queue has been held because a system that it needs is away; 0 while it flows',
    ['queue'],
  );
  gauge.set({ queue }, 0);
  let timer: NodeJS.Timeout | undefined;
  let saidAt: number | undefined;

  function look(error: unknown): void {
    const held = shown();
    if (!held) return;
    const seconds = (Date.now() - held.since.getTime()) / 1_000;
    gauge.set({ queue }, seconds);
    if (saidAt !== undefined && Date.now() - saidAt < minuteMs) return;
    saidAt = Date.now();
    logger.warn(
      { queue, reason: held.reason, heldSeconds: Math.round(seconds), err: error },
      'queue is held: a system that it needs is away',
    );
  }

  const gate = createGate((outage) => {
    clearInterval(timer);
    if (outage) {
      timer = setInterval(look, Math.min(heldAfterMs, 1_000), outage.error);
      return;
    }
    gauge.set({ queue }, 0);
    if (saidAt !== undefined) logger.info({ queue }, 'queue flows again');
    saidAt = undefined;
  });

  function shown(): Held | undefined {
    const held = gate.held();
    return held && Date.now() - held.since.getTime() >= heldAfterMs ? held : undefined;
  }

  return { attempt: (work, over) => gate.attempt(work, over), held: shown, close: () => clearInterval(timer) };
}
