import { moveSubscription } from './folded-streams-store';
import { follow, type Target } from './folding';
import { retryLockFailures } from './locks-store';
import { builtUpsert, rebuildUpsert, type Rebuild } from './rebuild-store';
import { tableRefOf } from './rows';
import type { ProjectionContext } from './projection';
import { createIndexes } from './shadow-table-store';
import { compareTables, type Comparison } from './store';
import { lockWriters, swapTables } from './swap-store';

/** How the tables differed at the moment of the swap, and how long writers were blocked. */
export interface Rebuilt {
  events: number;
  differences: Comparison;
  heldMs: number;
}

/**
 * While writers are blocked: folds the last events, creates the unique indexes, compares, and swaps the tables.
 * @param built the version of the table that is live until then.
 */
export const swap = (context: ProjectionContext, target: Target, now: Rebuild, built: number): Promise<Rebuilt> =>
  retryLockFailures(() => swapOnce(context, target, now, built));

const swapOnce = (
  { projection, database, log, subscription }: ProjectionContext,
  target: Target,
  now: Rebuild,
  built: number,
) =>
  database.kysely.transaction().execute(async (trx): Promise<Rebuilt> => {
    const { ref } = target;
    await lockWriters(trx, ref, subscription);
    const began = performance.now();
    // The service's own log is read in this transaction: writers are blocked, so nothing is missed.
    const isOwn = log === database;
    const here = { ...target, db: trx, log: isOwn ? trx : log.kysely };
    let last = now;
    for (let more = true; more;) {
      const followed = await follow(here, last, () => [], { settled: !isOwn });
      last = { ...last, ...followed.folding };
      more = followed.more;
    }
    await createIndexes(trx, ref, { unique: true });
    const differences = await compareTables(trx, tableRefOf(projection), ref);
    await swapTables(trx, ref);
    if (subscription !== undefined && target.subscription === undefined) await moveSubscription(trx, ref, subscription);
    // The saved cursor is the one from before: the last events may be above the horizon.
    await rebuildUpsert(projection.name, { ...now, phase: 'exchanged', version: built, done: last.done }).execute(trx);
    await builtUpsert(projection.name, projection.version).execute(trx);
    return { events: last.done, differences, heldMs: performance.now() - began };
  });
