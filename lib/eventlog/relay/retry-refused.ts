import { sleep } from '../../async/sleep';
import type { RelayContext } from './context';
import type { Lease } from './lease-store';
import type { LogEntry } from './log-reader-store';
import { forgetRefused, putOffRefused, selectRefused } from './refused-store';

/**
 * Publishes what a queue refused until it is taken, beside everything else. What is refused again goes behind all
 * others, so a queue that stays full keeps nothing from one that has room. Every attempt reaches the other queues too,
 * where the id says that it is known: so there are few of them while nothing is taken, and more and more as it is. At
 * most `batchSize` at once; at least a tenth of it, so that a queue with room is found behind a full one.
 * @param publishAgain false when the entry is refused again
 */
export async function retryRefused(
  { db, tuning: { batchSize, refusedMs } }: Pick<RelayContext, 'db' | 'tuning'>,
  lease: Lease,
  publishAgain: (entry: LogEntry) => Promise<boolean>,
  ended: AbortSignal,
): Promise<void> {
  const minSize = Math.ceil(batchSize / 10);
  let size = minSize;
  while (!ended.aborted) {
    const entries = await selectRefused(db, lease, size);
    const outcomes = await Promise.all(entries.map(publishAgain));
    const taken = entries.filter((_, index) => outcomes[index]);
    const refused = entries.filter((_, index) => !outcomes[index]);
    if (taken.length > 0) await forgetRefused(db, lease.name, positionsOf(taken));
    if (refused.length > 0) await putOffRefused(db, lease.name, positionsOf(refused), refusedMs);
    const goesOn = entries.length === size && taken.length > refused.length;
    size = taken.length > 0 ? Math.min(size * 2, batchSize) : Math.max(Math.floor(size / 2), minSize);
    if (!goesOn) await sleep(refusedMs[0], ended);
  }
}

const positionsOf = (entries: readonly LogEntry[]): number[] => entries.map(({ position }) => position);
