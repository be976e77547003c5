import { sleep } from '../../async/sleep';
import type { RelayContext } from './context';
import { holdLease, leaseLost, type LeaseGrant } from './lease';
import type { LogEntry } from './log-reader-store';
import { createPipeline } from './pipeline';
import { publishLoop } from './publish-loop';
import { retryRefused } from './retry-refused';

/**
 * Publishes the log from the cursor on, while this relay holds the lease: until it is stopped, fails, or loses the
 * lease. However it ends, what is under way is waited for, the cursor written and the lease released.
 * @param onConfirmed called for each event that the broker has confirmed
 * @throws what stood in the way; nothing when it was stopped
 */
export async function lead(context: RelayContext, grant: LeaseGrant, onConfirmed: () => void): Promise<void> {
  const { publisher, wake, stopping, tuning } = context;
  const ended = new AbortController();
  const pipeline = createPipeline<LogEntry>({
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

  /** A leader that was stalled past its lease must not go on with what it has read. */
  const whileHeld = <T>(run: () => Promise<T>): Promise<T> =>
    lease.isHeld() ? run() : Promise.reject(leaseLost(grant.lease));

  /** Nothing more is sent, whatever failed. */
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
    await lease.release().catch(() => undefined); // It expires by itself; what stood in the way is thrown already.
  }
}
