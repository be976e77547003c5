import type { WakeSignal } from '../../async/wait';
import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import type { EntryPublisher } from './entry-publisher';
import { heldBackAlertSeconds } from './held-back';
import type { RelayMetrics } from './metrics';
import type { StallWatch } from './stall';

/** What all parts of one relay share. */
export interface RelayContext {
  db: Queryable;
  /** Where the log's events go; also the relay's name, and that of its lease. */
  exchange: string;
  /** Unique to this run of this process. */
  owner: string;
  publisher: EntryPublisher;
  stall: StallWatch;
  /** Notified of commits, failures and a stop. */
  wake: WakeSignal;
  stopping: AbortSignal;
  logger: Logger;
  metrics: RelayMetrics;
  tuning: RelayTuning;
}

/** What can be tuned in a relay; the defaults are measured (see bench/). */
export interface RelayTuning {
  /** Events read at once. */
  batchSize: number;
  /** Events in flight beyond what is confirmed. */
  window: number;
  /** Between two reads of the log without a notification. */
  pollMs: number;
  /** How long a lease lasts without renewal; then another relay takes over. */
  leaseMs: number;
  /** The delay between a move of the cursor and its write: after a crash, that much is published again. */
  saveAfterMs: number;
  /** How long a relay that stops leading waits for publishes in flight. */
  settleMs: number;
  /** How long an entry that a queue refused waits for its next attempt: at first, and at most; it doubles each time. */
  refusedMs: readonly [first: number, max: number];
  /** The pause after a failure: at first, and at most; it doubles while nothing succeeds. */
  backOffMs: readonly [first: number, max: number];
  /** Between two measurements of the log's age. */
  measureMs: number;
  /** Events that an open transaction holds back for longer than this are logged. */
  heldBackAlertSeconds: number;
  /** A stall with events to publish is logged after `afterMs`, once per `repeatMs`. */
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
  heldBackAlertSeconds,
  stall: { afterMs: 30_000, repeatMs: 60_000 },
};
