import { sleep } from '../../async/wait';
import type { RelayContext } from './context';
import type { Lease } from './lease-store';
import type { LogEntry } from './log-reader-store';
import { deleteRefused, postponeRefused, selectRefused } from './refused-store';

/**
 * Publishes refused entries until they are taken, beside the log. An entry that is refused again goes behind all
 * others, so a queue that stays full does not delay one that has room. Every attempt also reaches the queues that have
 * the entry already and drop it by its id, so attempts are few while entries are refused, and grow as they are taken:
 * at most `batchSize` at once, and at least a tenth of it, so that a queue with room is found behind a full one.
 * @param publishAgain returns false when the entry is refused again
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
    if (taken.length > 0) await deleteRefused(db, lease.name, positionsOf(taken));
    if (refused.length > 0) await postponeRefused(db, lease.name, positionsOf(refused), refusedMs);
    const goesOn = entries.length === size && taken.length > refused.length;
    size = taken.length > 0 ? Math.min(size * 2, batchSize) : Math.max(Math.floor(size / 2), minSize);
    if (!goesOn) await sleep(refusedMs[0], ended);
  }
}

const positionsOf = (entries: readonly LogEntry[]): number[] => entries.map(({ position }) => position);
