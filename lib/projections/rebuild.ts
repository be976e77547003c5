import type { Queryable } from '../db/database';
import { platformError } from '../errors/errors';
import { selectHead } from '../eventlog/store';
import { analyzeTable, shadowSchema, createShadowTable, createIndexes } from './shadow-table-store';
import { swap, type Rebuilt } from './swap-tables';
import { fillNext, follow, type Target } from './folding';
import { limitLockWaits, retryLockFailures } from './locks-store';
import { countEvents } from './log-store';
import {
  lockProjection,
  rebuildUpsert,
  selectBuilt,
  selectRebuild,
  unlockProjection,
  type Rebuild,
} from './rebuild-store';
import { tableRefOf } from './rows';
import type { ProjectionContext } from './projection';

export interface RebuildOptions {
  /** Called after each batch. */
  onProgress?: (progress: Pick<Rebuild, 'phase' | 'done' | 'total'>) => void;
  /** Stops between two batches; the next rebuild continues from there. */
  signal?: AbortSignal;
  /** Starts over, whatever has been done before. */
  restart?: boolean;
  /** Covers the whole log, also events from before the service subscribed; it cannot be swapped back afterwards. */
  whole?: boolean;
}

/**
 * Rebuilds the table of a projection: folds its events into a shadow table, follows until that has caught up, compares
 * the two, and swaps them in one transaction, so that readers see either the old or the new one. When it is stopped or
 * killed, the next rebuild continues where it was. The old table is kept as the shadow table, to swap back to.
 * @throws `conflict` while another rebuild or a verification of it runs; ProjectionFailure, and the old table stays
 * live.
 */
export const rebuild = (context: ProjectionContext, options: RebuildOptions = {}): Promise<Rebuilt> =>
  withLock(context, async () => {
    const { projection, database } = context;
    const found = await selectRebuild(database.kysely, projection.name);
    const goesOn = found?.phase === 'filling' || found?.phase === 'following';
    const isSame = found?.version === projection.version && (found.whole || !options.whole);
    if (found && goesOn && isSame && !options.restart) return complete(context, found, options);
    const begun = await begin(context, options);
    return complete(context, begun, options);
  });

/** How long to wait for a lock on the live table; queries that arrive meanwhile wait as long. */
const lockWaitMs = 200;

/** Creates an empty shadow table and saves where its rebuild begins, in one transaction. */
async function begin(
  { projection, database, log }: ProjectionContext,
  { whole = false }: RebuildOptions,
): Promise<Rebuild> {
  const begun: Rebuild = {
    phase: 'filling',
    version: projection.version,
    whole,
    filled: { stream: '', version: 0 },
    cursor: await selectHead(log.kysely),
    done: 0,
    total: await countEvents(log.kysely, projection.streams),
  };
  const make = async (trx: Queryable): Promise<void> => {
    await limitLockWaits(trx, lockWaitMs);
    await createShadowTable(trx, tableRefOf(projection, shadowSchema(projection.name)));
    await rebuildUpsert(projection.name, begun).execute(trx);
  };
  await retryLockFailures(() => database.kysely.transaction().execute(make));
  return begun;
}

/**
 * Swaps back to the previous table, after it has caught up.
 * @throws `conflict` when there is none, when its version is not that of this code, or when it lacks events from before
 * the service subscribed.
 */
export const swapBack = (context: ProjectionContext, options: RebuildOptions = {}): Promise<Rebuilt> =>
  withLock(context, async () => {
    const { name, version } = context.projection;
    const found = await selectRebuild(context.database.kysely, name);
    if (found?.phase !== 'exchanged' && found?.phase !== 'returning')
      throw platformError('conflict', `${name} has no previous table to swap back to`);
    if (found.version !== version)
      throw platformError(
        'conflict',
        `The previous table of ${name} has version ${found.version}, this code has version ${version}`,
      );
    if (found.whole)
      throw platformError('conflict', `The previous table of ${name} has less of the log than the live one`);
    return complete(context, { ...found, phase: 'returning' }, options);
  });

async function withLock<T>({ projection, database }: ProjectionContext, run: () => Promise<T>): Promise<T> {
  return database.kysely.connection().execute(async (held) => {
    if (!(await lockProjection(held, projection.name, 'rebuild')))
      throw platformError(
        'conflict',
        `${projection.name} is being rebuilt or verified by another process; wait for it or stop it`,
      );
    try {
      return await run();
    } finally {
      await unlockProjection(held, projection.name, 'rebuild');
    }
  });
}

async function complete(
  context: ProjectionContext,
  begun: Rebuild,
  { onProgress, signal }: RebuildOptions,
): Promise<Rebuilt> {
  const { projection, database } = context;
  const db = database.kysely;
  const built = await selectBuilt(db, projection.name);
  // A new version, or a whole rebuild, has no live table to keep up with: it goes as far as the log.
  const bound = built === projection.version && !begun.whole ? context.subscription : undefined;
  const ref = tableRefOf(projection, shadowSchema(projection.name));
  const target: Target = { projection, ref, db, log: context.log.kysely, subscription: bound };
  let now = begun;
  const saveProgress = (folding: object) => [rebuildUpsert(projection.name, { ...now, ...folding })];
  const advance = (folding: object): void => {
    now = { ...now, ...folding };
    onProgress?.(now);
    signal?.throwIfAborted();
  };

  while (now.phase === 'filling') {
    const filled = await fillNext(target, now, saveProgress);
    advance(filled ?? { phase: 'following' });
  }
  await createIndexes(db, ref, { unique: false });
  for (let more = true; more;) {
    const followed = await follow(target, now, saveProgress, { settled: true });
    advance(followed.folding);
    more = followed.more;
  }
  await analyzeTable(db, ref);
  return swap(context, target, now, built);
}
