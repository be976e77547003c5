import { heldBackAlarmSeconds } from './held-back';

/** What may be tuned about a relay; the defaults are measured (see bench/). */
export interface RelayTuning {
  /** Events read at once. */
  batchSize: number;
  /** Events under way beyond what is confirmed. */
  window: number;
  /** Between two looks at the log when nothing wakes the relay. */
  pollMs: number;
  /** So long after its last sign of life, a holder is replaced. */
  leaseMs: number;
  /** The cursor is written so long after it moved: that much is published again after a crash. */
  saveAfterMs: number;
  /** How long to wait, at the end of a leadership, for what is under way. */
  settleMs: number;
  /** How long what a queue refused waits until it is tried again: first, and at most; it doubles each time. */
  refusedMs: readonly [first: number, most: number];
  /** The pause after a failure: first, and at most; it doubles while nothing at all succeeds. */
  backOffMs: readonly [first: number, most: number];
  /** Between two measurements of the log's age. */
  measureMs: number;
  /** Events that an open transaction holds back for longer are a log line. */
  heldBackAlarmSeconds: number;
  /** A standstill with events to publish is logged from `afterMs` on, once per `repeatMs`. */
  stall: { afterMs: number; repeatMs: number };
}

export const defaultTuning: RelayTuning = {
  batchSize: 500,
  window: 1_000,
  pollMs: 1_000,
  leaseMs: 5_000,
  saveAfterMs: 250,
  settleMs: 5_000,
  refusedMs: [1_000, 10_000],
  backOffMs: [100, 5_000],
  measureMs: 5_000,
  heldBackAlarmSeconds,
  stall: { afterMs: 30_000, repeatMs: 60_000 },
};
