import type { Queryable } from '../db/database';
import { fail } from '../errors/errors';
import { selectHead } from '../eventlog/store';
import { analyzeTable, asideSchema, createAside, createIndexes } from './shadow-table-store';
import { exchange, type Rebuilt } from './swap-tables';
import { fillOn, follow, type Target } from './folding';
import { limitLockWaits, whenLocksAllow } from './locks-store';
import { countEvents } from './log-store';
import { giveTurnBack, rebuildUpsert, selectBuilt, selectRebuild, takeTurn } from './rebuild-store';
import type { Rebuild } from './rebuild-store';
import { placeOf } from './rows';
import type { Sited } from './sited';

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

/**
 * Builds the table of a projection anew beside the one that is read, follows until it is level, compares, and exchanges
 * the two in one transaction: readers see the old one or the new one. Stopped or killed, it goes on where it was.
 * The old table stays aside, for a way back.
 * @throws `conflict` when another rebuild or a verification of it is under way; ProjectionFailure, and then the old one stays live.
 */
export const rebuild = (sited: Sited, options: RebuildOptions = {}): Promise<Rebuilt> =>
  inTurn(sited, async () => {
    const { projection, database } = sited;
    const found = await selectRebuild(database.kysely, projection.name);
    const goesOn = found?.phase === 'filling' || found?.phase === 'following';
    const isSame = found?.version === projection.version && (found.whole || !options.whole);
    if (found && goesOn && isSame && !options.restart) return complete(sited, found, options);
    const begun = await begin(sited, options);
    return complete(sited, begun, options);
  });

/** How long it waits for readers of the live table at a time; those who come meanwhile wait as long. */
const patienceMs = 200;

/** An empty table aside, and the note of where it begins, at once: nothing is left that belongs to another table. */
async function begin({ projection, database, log }: Sited, { whole = false }: RebuildOptions): Promise<Rebuild> {
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
    await limitLockWaits(trx, patienceMs);
    await createAside(trx, placeOf(projection, asideSchema(projection.name)));
    await rebuildUpsert(projection.name, begun).execute(trx);
  };
  await whenLocksAllow(() => database.kysely.transaction().execute(make));
  return begun;
}

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
    if (!(await takeTurn(held, projection.name, 'rebuild')))
      throw fail(
        'conflict',
        `${projection.name} is being rebuilt or verified by somebody else; wait for it or stop it`,
      );
    try {
      return await run();
    } finally {
      await giveTurnBack(held, projection.name, 'rebuild');
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
  await analyzeTable(db, place);
  return exchange(sited, target, now, built);
}
