import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable } from '../../db/database';
import { forgetRefused, selectRefused, type Lease, type LogEntry } from './store';

export interface RefusedOptions {
  db: Queryable;
  lease: Lease;
  /** Once more; false when it is refused again. */
  again: (entry: LogEntry) => Promise<boolean>;
  batchSize: number;
  retryMs: number;
  ended: AbortSignal;
}

/**
 * Publishes what a queue refused until it is taken, beside everything else: first one, then twice as many each time
 * that all went through. Every attempt reaches the other queues too, where the id says that it is known.
 */
export async function retryRefused(options: RefusedOptions): Promise<void> {
  const { db, lease, again, batchSize, retryMs, ended } = options;
  let size = 1;
  while (!ended.aborted) {
    const entries = await selectRefused(db, lease, size);
    const outcomes = await Promise.all(entries.map(again));
    const taken = entries.filter((_, index) => outcomes[index]);
    if (taken.length > 0) await forgetRefused(db, lease.name, positionsOf(taken));
    const isThereMore = taken.length === size;
    size = isThereMore ? Math.min(size * 2, batchSize) : 1;
    // The end of the tenure ends the rest, with an error that says nothing else.
    if (!isThereMore) await sleep(retryMs, undefined, { signal: ended }).catch(() => undefined);
  }
}

const positionsOf = (entries: readonly LogEntry[]): number[] => entries.map(({ position }) => position);
