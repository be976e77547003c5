import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database';
import { fail } from '../errors/errors';
import { selectHead } from '../eventlog/store';
import { asideSchema, createAside, createIndexes, exchangeTables, holdWriters, moveSubscription } from './aside-store';
import { fillOn, follow, type Target } from './folding';
import { countEvents } from './log-store';
import type { Projection } from './projection';
import { builtUpsert, giveTurnBack, rebuildUpsert, selectBuilt, selectRebuild, takeTurn } from './rebuild-store';
import type { Rebuild } from './rebuild-store';
import { placeOf } from './rows';
import { compareTables, type Comparison } from './store';

/** A projection and where its parts are. */
export interface Sited {
  projection: Projection;
  /** Where the table is. */
  database: Pick<Database<unknown>, 'kysely'>;
  /** Where its events are: the same database for a service's own. */
  log: Pick<Database<unknown>, 'kysely'>;
  /** What keeps the table live, when its events come through the broker. */
  subscription?: string;
}

export interface RebuildOptions {
  /** Told after each batch. */
  onProgress?: (progress: Pick<Rebuild, 'phase' | 'done' | 'total'>) => void;
  /** Stops between two batches; the next rebuild goes on from there. */
  signal?: AbortSignal;
  /** Begin anew, whatever has been done before. */
  restart?: boolean;
  /** As far as the log, with what happened before the live table's service began to listen; no way back then. */
  whole?: boolean;
}

/** What the tables did not agree on at the moment of the exchange, and how long writers had to wait. */
export interface Rebuilt {
  events: number;
  differences: Comparison;
  heldMs: number;
}

/**
 * Builds the table of a projection anew beside the one that is read, follows until it is level, compares, and exchanges
 * the two in one transaction: readers see the old one or the new one. Stopped or killed, it goes on where it was.
 * The old table stays aside, for a way back.
 * @throws `conflict` when another rebuild of it is under way; ProjectionFailure, and then the old one stays live.
 */
export const rebuild = (sited: Sited, options: RebuildOptions = {}): Promise<Rebuilt> =>
  inTurn(sited, async () => {
    const { projection, database, log } = sited;
    const db = database.kysely;
    const found = await selectRebuild(db, projection.name);
    const goesOn = found?.phase === 'filling' || found?.phase === 'following';
    const isSame = found?.version === projection.version && (found.whole || !options.whole);
    if (found && goesOn && isSame && !options.restart) return complete(sited, found, options);
    await db.transaction().execute((trx) => createAside(trx, placeOf(projection, asideSchema(projection.name))));
    const begun: Rebuild = {
      phase: 'filling',
      version: projection.version,
      whole: options.whole ?? false,
      filled: { stream: '', version: 0 },
      cursor: await selectHead(log.kysely),
      done: 0,
      total: await countEvents(log.kysely, projection.streams),
    };
    await rebuildUpsert(projection.name, begun).execute(db);
    return complete(sited, begun, options);
  });

/**
 * Exchanges the tables once more, after the one aside has taken in what has happened since.
 * @throws `conflict` when there is none, or of another version than this code, or without what came before the service.
 */
export const goBack = (sited: Sited, options: RebuildOptions = {}): Promise<Rebuilt> =>
  inTurn(sited, async () => {
    const { name, version } = sited.projection;
    const found = await selectRebuild(sited.database.kysely, name);
    if (found?.phase !== 'exchanged' && found?.phase !== 'returning')
      throw fail('conflict', `${name} has no table to go back to`);
    if (found.version !== version)
      throw fail('conflict', `The table aside is of version ${found.version} of ${name}, this code of ${version}`);
    if (found.whole) throw fail('conflict', `The table aside has less of the log than the one of ${name} that is read`);
    return complete(sited, { ...found, phase: 'returning' }, options);
  });

async function inTurn<T>({ projection, database }: Sited, run: () => Promise<T>): Promise<T> {
  return database.kysely.connection().execute(async (held) => {
    if (!(await takeTurn(held, projection.name)))
      throw fail('conflict', `${projection.name} is being rebuilt by somebody else; wait for it or stop it`);
    try {
      return await run();
    } finally {
      await giveTurnBack(held, projection.name);
    }
  });
}

async function complete(sited: Sited, begun: Rebuild, { onProgress, signal }: RebuildOptions): Promise<Rebuilt> {
  const { projection, database } = sited;
  const db = database.kysely;
  const built = await selectBuilt(db, projection.name);
  // A new version begins without a live table to keep level with, as does a whole one: it goes as far as the log.
  const bound = built === projection.version && !begun.whole ? sited.subscription : undefined;
  const place = placeOf(projection, asideSchema(projection.name));
  const target: Target = { projection, place, db, log: sited.log.kysely, subscription: bound };
  let now = begun;
  const keep = (folding: object) => [rebuildUpsert(projection.name, { ...now, ...folding })];
  const advance = (folding: object): void => {
    now = { ...now, ...folding };
    onProgress?.(now);
    signal?.throwIfAborted();
  };

  while (now.phase === 'filling') {
    const filled = await fillOn(target, now, keep);
    advance(filled ?? { phase: 'following' });
  }
  await createIndexes(db, place, { unique: false });
  for (let more = true; more;) {
    const followed = await follow(target, now, keep, { settled: true });
    advance(followed.folding);
    more = followed.more;
  }
  return exchange(sited, target, now, built);
}

const attempts = 20;

/** While writers wait: the last events, the unique indexes, the comparison, the exchange. */
async function exchange(sited: Sited, target: Target, now: Rebuild, built: number): Promise<Rebuilt> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await exchangeOnce(sited, target, now, built);
    } catch (error) {
      if (!isLockTrouble(error) || attempt === attempts) throw error;
      await sleep(100 * attempt);
    }
  }
}

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

/** Lock not available, or a deadlock: somebody reads or writes for longer than we are willing to hold up others. */
const isLockTrouble = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(String((error as { code?: string }).code));
