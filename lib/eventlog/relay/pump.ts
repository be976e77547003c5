import type { WakeSignal } from '../../async/wake-signal';
import { leaseLost } from './keeper';
import type { Pipeline } from './pipeline';
import type { Cursor } from './prefix';
import type { Horizon, Lease, LogEntry, LogReading } from './store';

export interface PumpOptions {
  lease: Lease;
  start: Cursor;
  read: (after: Cursor, horizon: Horizon) => Promise<LogReading>;
  pipeline: Pipeline<LogEntry>;
  batchSize: number;
  /** Rung by commits, by failures and by a stop. */
  wake: WakeSignal;
  pollMs: number;
  stopping: AbortSignal;
}

/** How long to wait, first and at most, for a transaction that holds committed events back. */
const heldBackMs = { first: 1, most: 100 };
/** From this wait on, only transactions of this log's database are waited for: those of others may take their time. */
const longMs = 8;

/** Moves the log from the cursor to the broker until it is stopped. Rejects with whatever stands in the way. */
export async function pump(options: PumpOptions): Promise<void> {
  const { lease, read, pipeline, batchSize, wake, pollMs, stopping } = options;
  let after = options.start;
  let pause = heldBackMs.first;
  let reading = await read(after, 'server');
  while (!stopping.aborted) {
    const { mine, heldBack, entries } = reading;
    if (!mine) throw leaseLost(lease);
    const last = entries.at(-1);
    if (last) {
      after = last;
      pause = heldBackMs.first;
    }
    if (entries.length === batchSize) {
      // There is more: it is read while this is on its way.
      [reading] = await Promise.all([read(after, 'server'), pipeline.send(entries)]);
      continue;
    }
    await pipeline.send(entries);
    await wake.wait(heldBack ? Math.min(pause, pollMs) : pollMs);
    if (heldBack) pause = Math.min(pause * 2, heldBackMs.most);
    reading = await read(after, pause >= longMs ? 'database' : 'server');
  }
}
