import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable } from '../../db/database';
import type { WakeSignal } from '../../async/wake-signal';
import type { Delivery } from './delivery';
import { createKeeper, leaseLost } from './keeper';
import { createPipeline } from './pipeline';
import type { Cursor } from './prefix';
import { pump } from './pump';
import { retryRefused } from './refused';
import { readLog, type Horizon, type Lease, type LogEntry } from './store';
import type { RelayTuning } from './tuning';

export interface TenureOptions {
  db: Queryable;
  lease: Lease;
  start: Cursor;
  /** When the lease was asked for, on the clock of `performance.now()`. */
  takenAt: number;
  delivery: Delivery;
  onRead: (events: number) => void;
  onConfirmed: () => void;
  wake: WakeSignal;
  stopping: AbortSignal;
  tuning: RelayTuning;
}

/**
 * The time in which one relay holds the lease: it publishes from the cursor on until it is stopped, fails, or loses
 * the lease. However it ends, what is under way is waited for, the cursor written and the lease given back.
 */
export async function tenure(options: TenureOptions): Promise<void> {
  const { db, lease, start, takenAt, delivery, onRead, onConfirmed, wake, stopping, tuning } = options;
  const pipeline = createPipeline<LogEntry>({
    start,
    window: tuning.window,
    deliver: (entry) => whileMine(() => delivery.deliver(entry)),
    onConfirmed: () => {
      keeper.moved();
      onConfirmed();
    },
    onFailed: wake.notify,
    stopping,
  });
  const { leaseMs, saveAfterMs } = tuning;
  const cursor = (): Cursor => pipeline.cursor;
  const keeper = createKeeper({ db, lease, leaseMs, saveAfterMs, takenAt, cursor, onLost: pipeline.fail });
  /** A holder that was stalled past its lease must not go on with what it has read. */
  const whileMine = <T>(run: () => Promise<T>): Promise<T> =>
    keeper.isMine() ? run() : Promise.reject(leaseLost(lease));
  const read = async (after: Cursor, horizon: Horizon) => {
    const reading = await readLog(db, lease, after, tuning.batchSize, horizon);
    if (reading.entries.length > 0) onRead(reading.entries.length);
    return reading;
  };
  const ended = new AbortController();
  const retrying = retryRefused({
    db,
    lease,
    again: (entry) => whileMine(() => delivery.again(entry)),
    batchSize: tuning.batchSize,
    pauseMs: tuning.refusedMs,
    ended: ended.signal,
  }).catch((error: unknown) => {
    pipeline.fail(error instanceof Error ? error : new Error(String(error)));
    wake.notify();
  });
  try {
    await pump({ lease, start, read, pipeline, wake, stopping, ...tuning });
  } catch (error) {
    pipeline.fail(error instanceof Error ? error : new Error(String(error))); // Nothing more is sent, whatever failed.
    throw error;
  } finally {
    ended.abort();
    await Promise.race([retrying, sleep(tuning.settleMs, undefined, { ref: false })]);
    await pipeline.settled(tuning.settleMs);
    await keeper.giveBack().catch(() => undefined); // It ends by itself; what stood in the way is thrown already.
  }
}
