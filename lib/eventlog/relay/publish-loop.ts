import type { Cursor } from '../cursor';
import type { RelayContext } from './context';
import { leaseLost, type LeaseGrant } from './lease';
import { readLog, type Horizon, type LogEntry, type LogReading } from './log-reader-store';
import type { Pipeline } from './pipeline';

/** How long to wait for a transaction that holds committed events back. */
const heldBackMs = { first: 1, max: 100 };
/** From this wait on, only transactions of this log's database are waited for: those of others may take their time. */
const longMs = 8;

/**
 * Moves the log from the cursor to the broker until it is stopped.
 * @throws what stands in the way, a lost lease too
 */
export async function publishLoop(
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
      // There is more: it is read while this is on its way.
      [reading] = await Promise.all([read(after, 'server'), pipeline.send(entries)]);
      continue;
    }
    await pipeline.send(entries);
    await wake.wait(heldBack ? Math.min(pauseMs, pollMs) : pollMs);
    if (heldBack) pauseMs = Math.min(pauseMs * 2, heldBackMs.max);
    reading = await read(after, pauseMs >= longMs ? 'database' : 'server');
  }
}
