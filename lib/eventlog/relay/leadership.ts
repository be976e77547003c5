import { sleep } from '../../async/wait';
import type { Cursor } from '../events';
import type { RelayContext } from './context';
import { holdLease, leaseLost, type LeaseGrant } from './lease-store';
import { readLog, type Horizon, type LogEntry, type LogReading } from './log-reader-store';
import { createSendPipeline, type Pipeline } from './pipeline';
import { retryRefused } from './retry-refused';

/**
 * Publishes the log from its cursor while this relay holds the lease: until it is stopped, fails, or loses the lease.
 * In every case it then waits for publishes in flight, writes the cursor and releases the lease.
 * @param onConfirmed called for each event that the broker has confirmed
 * @throws the failure; it returns normally when it was stopped
 */
export async function lead(context: RelayContext, grant: LeaseGrant, onConfirmed: () => void): Promise<void> {
  const { publisher, wake, stopping, tuning } = context;
  const ended = new AbortController();
  const pipeline = createSendPipeline<LogEntry>({
    start: grant.start,
    window: tuning.window,
    deliver: (entry) => whileHeld(() => publisher.publish(entry)),
    onConfirmed: () => {
      lease.cursorMoved();
      onConfirmed();
    },
    onFailed: wake.notify,
    stopping,
  });
  const lease = holdLease(context, grant, { cursor: () => pipeline.cursor, onLost: pipeline.fail });

  /** A leader that was stalled beyond its lease must not publish what it has read. */
  const whileHeld = <T>(run: () => Promise<T>): Promise<T> =>
    lease.isHeld() ? run() : Promise.reject(leaseLost(grant.lease));

  /** After a failure nothing more is sent. */
  const fail = (error: unknown): void => pipeline.fail(error instanceof Error ? error : new Error(String(error)));

  const publishAgain = (entry: LogEntry): Promise<boolean> => whileHeld(() => publisher.publishAgain(entry));
  const retrying = retryRefused(context, grant.lease, publishAgain, ended.signal).catch((error: unknown) => {
    fail(error);
    wake.notify();
  });
  try {
    await publishLoop(context, grant, pipeline);
  } catch (error) {
    fail(error);
    throw error;
  } finally {
    ended.abort();
    await Promise.race([retrying, sleep(tuning.settleMs, undefined, { ref: false })]);
    await pipeline.settled(tuning.settleMs);
    await lease.release().catch(() => undefined); // It expires by itself; the failure is thrown already.
  }
}

/** How long to wait for a transaction that holds events back. */
const heldBackMs = { first: 1, max: 100 };
/** From this wait on, only transactions of this log's database hold it back; those of other databases may be long. */
const longMs = 8;

/**
 * Sends the log to the pipeline from the cursor on until it is stopped.
 * @throws the failure, including a lost lease
 */
async function publishLoop(
  { db, wake, stopping, metrics, tuning: { batchSize, pollMs } }: RelayContext,
  { lease, start }: LeaseGrant,
  pipeline: Pipeline<LogEntry>,
): Promise<void> {
  async function read(after: Cursor, horizon: Horizon): Promise<LogReading> {
    const reading = await readLog(db, lease, after, batchSize, horizon);
    if (reading.entries.length > 0) metrics.read(reading.entries.length);
    return reading;
  }

  let after = start;
  let pauseMs = heldBackMs.first;
  let reading = await read(after, 'server');
  while (!stopping.aborted) {
    const { mine, heldBack, entries } = reading;
    if (!mine) throw leaseLost(lease);
    const last = entries.at(-1);
    if (last) {
      after = last;
      pauseMs = heldBackMs.first;
    }
    if (entries.length === batchSize) {
      // There is more: read it while this batch is being sent.
      [reading] = await Promise.all([read(after, 'server'), pipeline.send(entries)]);
      continue;
    }
    await pipeline.send(entries);
    await wake.wait(heldBack ? Math.min(pauseMs, pollMs) : pollMs);
    if (heldBack) pauseMs = Math.min(pauseMs * 2, heldBackMs.max);
    reading = await read(after, pauseMs >= longMs ? 'database' : 'server');
  }
}
