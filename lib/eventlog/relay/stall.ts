import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import type { LogAges } from './log-ages-store';

export interface StallOptions {
  exchange: string;
  logger: Logger;
  metrics: Metrics;
  afterMs: number;
  repeatMs: number;
  /** In ms. */
  clock?: () => number;
}

/** Detects that a relay has events to publish but publishes none, whatever the reason. */
export interface StallWatch {
  /** The broker confirmed an event, or another relay leads. */
  readonly progressed: () => void;
  /** The last failure, for the log. */
  readonly failed: (error: unknown) => void;
  /** Sets the gauge, and logs a stall; without ages, when the log cannot be read, the last known ones are used. */
  readonly measured: (ages: LogAges | undefined) => void;
}

export function createStallWatch(options: StallOptions): StallWatch {
  const { exchange, logger, metrics, afterMs, repeatMs, clock = () => performance.now() } = options;
  const stalled = metrics
    .gauge(
      'relay_stalled_seconds',
      'Time without a confirm while the relay has events to publish; 0: none, or another relay publishes',
      ['exchange'],
    )
    .labels({ exchange });
  let since = clock();
  let loggedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let last: { ages: LogAges; at: number } | undefined;

  function progressed(): void {
    since = clock();
    failure = undefined;
  }

  function log(ages: LogAges, stalledMs: number, ageMs: number): void {
    loggedAt = clock();
    const facts = {
      exchange,
      stalledSeconds: Math.round(stalledMs / 1_000),
      oldestEventAgeSeconds: Math.round(ageMs / 1_000),
      refusedEvents: ages.refused,
      reason: reasonOf(failure, ages),
      ...(failure === undefined ? {} : { err: failure }),
    };
    logger.error(facts, 'relay has events and publishes none');
  }

  return {
    progressed,
    failed: (error) => {
      failure = error;
    },
    measured(ages) {
      if (ages) last = { ages, at: clock() };
      if (!last || last.ages.oldestUnpublished === 0) {
        since = clock();
        stalled.set(0);
        return;
      }
      const ageMs = last.ages.oldestUnpublished * 1_000 + clock() - last.at;
      // After an idle period, the stall is no older than the event.
      const stalledMs = Math.min(clock() - since, ageMs);
      stalled.set(stalledMs / 1_000);
      if (stalledMs >= afterMs && clock() >= loggedAt + repeatMs) log(last.ages, stalledMs, ageMs);
    },
  };
}

function reasonOf(failure: unknown, { paused, oldestHeldBack }: LogAges): string {
  if (paused) return 'paused';
  if (failure !== undefined) return classify(failure).code;
  return oldestHeldBack > 0 ? 'held back by an open transaction' : 'unknown';
}
