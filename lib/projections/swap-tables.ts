import { createIndexes, exchangeTables, holdWriters, moveSubscription } from './shadow-table-store';
import { follow, type Target } from './folding';
import { whenLocksAllow } from './locks-store';
import { builtUpsert, rebuildUpsert, type Rebuild } from './rebuild-store';
import { placeOf } from './rows';
import type { Sited } from './sited';
import { compareTables, type Comparison } from './store';

/** What the tables did not agree on at the moment of the exchange, and how long writers had to wait. */
export interface Rebuilt {
  events: number;
  differences: Comparison;
  heldMs: number;
}

/**
 * While writers wait: the last events, the unique indexes, the comparison, the exchange.
 * @param built the version of the table that is read until then.
 */
export const exchange = (sited: Sited, target: Target, now: Rebuild, built: number): Promise<Rebuilt> =>
  whenLocksAllow(() => exchangeOnce(sited, target, now, built));

const exchangeOnce = (
  { projection, database, log, subscription }: Sited,
  target: Target,
  now: Rebuild,
  built: number,
) =>
  database.kysely.transaction().execute(async (trx): Promise<Rebuilt> => {
    const { place } = target;
    await holdWriters(trx, place, subscription);
    const began = performance.now();
    // Its own log is read in this transaction: nobody who writes the table is still at work.
    const isOwn = log === database;
    const here = { ...target, db: trx, log: isOwn ? trx : log.kysely };
    let last = now;
    for (let more = true; more;) {
      const followed = await follow(here, last, () => [], { settled: !isOwn });
      last = { ...last, ...followed.folding };
      more = followed.more;
    }
    await createIndexes(trx, place, { unique: true });
    const differences = await compareTables(trx, placeOf(projection), place);
    await exchangeTables(trx, place);
    if (subscription !== undefined && target.subscription === undefined)
      await moveSubscription(trx, place, subscription);
    // The place to go back from is that of before: the last look may have seen what is above the horizon.
    await rebuildUpsert(projection.name, { ...now, phase: 'exchanged', version: built, done: last.done }).execute(trx);
    await builtUpsert(projection.name, projection.version).execute(trx);
    return { events: last.done, differences, heldMs: performance.now() - began };
  });
