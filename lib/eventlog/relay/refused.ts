import { sleep } from '../../async/sleep';
import type { Queryable } from '../../db/database';
import { forgetRefused, putOffRefused, selectRefused, type Lease, type LogEntry } from './store';

export interface RefusedOptions {
  db: Queryable;
  lease: Lease;
  /** Once more; false when it is refused again. */
  again: (entry: LogEntry) => Promise<boolean>;
  /** At most so many at once; at least a tenth of it, so that a queue with room is found behind a full one. */
  batchSize: number;
  /** Until one is tried again: first, and at most. */
  pauseMs: readonly [first: number, most: number];
  ended: AbortSignal;
}

/**
 * Publishes what a queue refused until it is taken, beside everything else. What is refused again goes behind all
 * others, so a queue that stays full keeps nothing from one that has room. Every attempt reaches the other queues too,
 * where the id says that it is known: so there are few of them while nothing is taken, and more and more as it is.
 */
export async function retryRefused(options: RefusedOptions): Promise<void> {
  const { db, lease, again, batchSize, pauseMs, ended } = options;
  const fewest = Math.ceil(batchSize / 10);
  let size = fewest;
  while (!ended.aborted) {
    const entries = await selectRefused(db, lease, size);
    const outcomes = await Promise.all(entries.map(again));
    const taken = entries.filter((_, index) => outcomes[index]);
    const refused = entries.filter((_, index) => !outcomes[index]);
    if (taken.length > 0) await forgetRefused(db, lease.name, positionsOf(taken));
    if (refused.length > 0) await putOffRefused(db, lease.name, positionsOf(refused), pauseMs);
    const goesOn = entries.length === size && taken.length > refused.length;
    size = taken.length > 0 ? Math.min(size * 2, batchSize) : Math.max(Math.floor(size / 2), fewest);
    if (!goesOn) await sleep(pauseMs[0], ended);
  }
}

const positionsOf = (entries: readonly LogEntry[]): number[] => entries.map(({ position }) => position);
